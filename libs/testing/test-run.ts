import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';

// The process of a test run: Node's command line would sort the files. Usage: node test-run.js <reporter> <file> …

/**
 * Test files wait for programs, brokers and databases more than they compute. Runs that share the machine say how many each of
 * them may run at once.
 */
const CONCURRENCY = Number(process.env['TEST_CONCURRENCY'] ?? availableParallelism() + 1);

const [reporter, ...files] = process.argv.slice(2);
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());

const events = run({ files, concurrency: CONCURRENCY, signal: interrupt.signal });
events.on('test:fail', () => (process.exitCode = 1));
(reporter === 'dot' ? events.compose(dot) : events.compose(spec)).pipe(process.stdout);
