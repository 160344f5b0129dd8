import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { brokerUrl, type BrokerName } from '@fissile/kit/testing';
import { TEST_CONCURRENCY } from './test-concurrency.js';
import { startTestServices } from './test-services.js';

/**
 * Runs the scenarios, which `npm test` has run on one process, on other topologies and on every transport.
 * Usage: node dist/test/matrix.js [topology/transport …]
 */
interface Row {
  readonly topology: string;
  readonly transport: string;
  readonly broker?: BrokerName;
  /** What is the business of the topology more than of the transport is done too. */
  readonly whole?: boolean;
  /** Makes every idempotent call twice. */
  readonly twice?: boolean;
}

const ROWS: readonly Row[] = [
  { topology: 'monolith', transport: 'grpc', twice: true },
  { topology: 'split', transport: 'grpc', whole: true },
  { topology: 'split', transport: 'tcp' },
  { topology: 'split', transport: 'nats', broker: 'nats' },
  { topology: 'split', transport: 'rmq', broker: 'rabbitmq' },
  { topology: 'split', transport: 'redis', broker: 'redis' },
  { topology: 'edge-core', transport: 'tcp' },
  { topology: 'order-path', transport: 'grpc' },
];

const nameOf = ({ topology, transport, twice }: Row): string =>
  twice ? `${topology}, every idempotent call made twice` : `${topology}/${transport}`;

/** What is about one process alone. */
const NOT_HERE = ['start.spec.js'];

/** Takes long, and no transport changes it. */
const OF_TOPOLOGY = ['crashes.spec.js', 'logs.spec.js'];

function filesOf({ whole }: Row): string[] {
  return globSync('dist/test/scenarios/*.spec.js').filter(
    (file) => !NOT_HERE.includes(basename(file)) && (whole || !OF_TOPOLOGY.includes(basename(file))),
  );
}

function run(row: Row, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--test', TEST_CONCURRENCY, '--test-reporter=dot', ...filesOf(row)],
    {
      stdio: 'inherit',
      env: {
        ...env,
        TEST_TOPOLOGY: row.topology,
        TEST_TRANSPORT: row.transport,
        ...(row.twice && { TEST_CALLS_TWICE: 'true' }),
      },
    },
  );
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

const chosen = process.argv.slice(2);
const services = await startTestServices();
Object.assign(process.env, services.env);
const outcomes: [string, string][] = [];
for (const row of ROWS) {
  const name = nameOf(row);
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  if (row.broker !== undefined && brokerUrl(row.broker) === undefined) {
    outcomes.push([name, 'SKIPPED']);
    continue;
  }
  console.log(`\n${name}`);
  outcomes.push([name, (await run(row, process.env)) === 0 ? 'passed' : 'FAILED']);
}
await services.stop();
console.log(`\n${outcomes.map(([name, outcome]) => `${outcome.padEnd(8)} ${name}`).join('\n')}`);
process.exitCode = outcomes.some(([, outcome]) => outcome === 'FAILED') ? 1 : 0;
