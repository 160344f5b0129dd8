import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';

// The process of a test run: Node's command line would sort the files. Usage: node test-run.js <reporter> <file> …

/**
 * Test files wait for programs, brokers and databases more than they compute. Runs that share the machine say how many each of
 * them may run at once.
 */
const CONCURRENCY = Number(process.env['TEST_CONCURRENCY'] ?? availableParallelism() + 1);

/**
 * Whether files that fail beside others are run once more, alone, which then counts: on a machine that is busy for minutes, time limits of
 * what is tested expire that no test is about. Both runs are shown.
 */
const AGAIN_ALONE = process.env['TEST_AGAIN'] === 'alone';

const [reporter, ...files] = process.argv.slice(2);
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());

let failed = await runFiles(files, CONCURRENCY);
if (AGAIN_ALONE && failed.length > 0 && failed.every(isTestFile) && !interrupt.signal.aborted) {
  console.log(
    `\nFailed beside others, and run again alone:\n${failed.map((file) => `  ${file}\n`).join('')}`,
  );
  failed = await runFiles(failed, 1);
}
if (failed.length > 0) process.exitCode = 1;

/** Returns the files in which a test failed. */
async function runFiles(chosen: readonly string[], concurrency: number): Promise<string[]> {
  const found = new Set<string>();
  const events = run({ files: [...chosen], concurrency, signal: interrupt.signal });
  // A test that fails within others fails them too, up to the outermost, which stands in the file itself.
  events.on('test:fail', ({ nesting, file }) => nesting === 0 && found.add(file ?? ''));
  for await (const text of reporter === 'dot' ? events.compose(dot) : events.compose(spec)) {
    process.stdout.write(text);
  }
  return [...found];
}

function isTestFile(file: string): boolean {
  return existsSync(file) && (file.endsWith('.spec.js') || files.some((given) => resolve(given) === file));
}
