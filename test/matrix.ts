import { npmCommand, read } from '../tools/command-line/command-line.js';
import { basename } from 'node:path';
import { brokerUrl, type BrokerName } from '@fissile/kit/testing';
import { runSpecs } from './run-specs.js';
import { specFiles } from './spec-files.js';
import { specGroup } from './spec-groups.js';
import { startTestServices } from './test-services.js';

/**
 * Runs the scenarios, which `npm test` runs on one process, on other topologies and on every transport.
 * Usage: node dist/test/matrix.js [topology/transport …]
 */
interface Row {
  readonly topology: string;
  readonly transport: string;
  readonly broker?: BrokerName;
  /** Also runs the tests that depend on the topology more than on the transport. */
  readonly whole?: boolean;
  /** Runs only the scenarios that share its shop, and what calls between contexts take part in: the rest is the same in another row. */
  readonly onlyShared?: boolean;
  /** Makes every idempotent call twice. */
  readonly twice?: boolean;
}

/** Every topology and every transport at least once. Calls over each transport have suites of their own in the kit. */
const ROWS: readonly Row[] = [
  { topology: 'monolith', transport: 'grpc', twice: true },
  { topology: 'split', transport: 'grpc', whole: true },
  { topology: 'split', transport: 'nats', broker: 'nats', onlyShared: true },
  { topology: 'split', transport: 'rmq', broker: 'rabbitmq', onlyShared: true },
  { topology: 'split', transport: 'redis', broker: 'redis', onlyShared: true },
  { topology: 'edge-core', transport: 'tcp', onlyShared: true },
  { topology: 'order-path', transport: 'grpc', onlyShared: true },
];

const nameOf = ({ topology, transport, twice }: Row): string =>
  twice ? `${topology}, every idempotent call made twice` : `${topology}/${transport}`;

/** Tests of a single process. */
const NOT_HERE = ['start.spec.js'];

/** Slow, and independent of the transport. */
const OF_TOPOLOGY = ['crashes.spec.js', 'logs.spec.js'];

/** What the gateway, or one context behind it, does by itself in each topology. */
const OF_EDGE = ['api-docs.spec.js', 'second-factor.spec.js'];

function filesOf({ whole, onlyShared }: Row): string[] {
  const leftOut = [...NOT_HERE, ...(whole ? [] : OF_TOPOLOGY), ...(onlyShared ? OF_EDGE : [])];
  return specFiles(['test/scenarios/*.spec.ts'])
    .filter((file) => !leftOut.includes(basename(file)))
    .filter((file) => !onlyShared || specGroup(file) !== undefined);
}

/** The scenarios of a row share one shop, except those that need their own settings or processes. */
function run(row: Row): Promise<number> {
  const env = {
    TEST_TOPOLOGY: row.topology,
    TEST_TRANSPORT: row.transport,
    ...(row.twice && { TEST_CALLS_TWICE: 'true' }),
  };
  return runSpecs(filesOf(row), { env, reporter: 'dot' }).catch((error: unknown) => {
    // From a shop that does not start; the other rows still run.
    console.error(error);
    return 1;
  });
}

const chosen = read(
  npmCommand('test:topologies', 'Runs the scenarios on other topologies and on every transport.').argument(
    '[rows...]',
    'such as split/nats; all when absent',
  ),
).args;
const services = await startTestServices();
Object.assign(process.env, services.env);
const outcomes: [string, string][] = [];
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true));
try {
  for (const row of ROWS) {
    const name = nameOf(row);
    if (isInterrupted) break;
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    if (row.broker !== undefined && brokerUrl(row.broker) === undefined) {
      outcomes.push([name, 'SKIPPED']);
      continue;
    }
    console.log(`\n${name}`);
    outcomes.push([name, (await run(row)) === 0 ? 'passed' : 'FAILED']);
  }
} finally {
  await services.stop();
}
console.log(`\n${outcomes.map(([name, outcome]) => `${outcome.padEnd(8)} ${name}`).join('\n')}`);
process.exitCode = isInterrupted || outcomes.some(([, outcome]) => outcome === 'FAILED') ? 1 : 0;
