import { Command, InvalidArgumentError } from 'commander';
import { adviseOn } from '../advise/advice.js';
import { declaredTopologies } from '../advise/declared-topologies.js';
import { type AdviceReport, describeAdvice } from '../advise/describe-advice.js';
import { measureProduct, readTopology } from '../advise/measure-product.js';
import type { Measured } from '../advise/measured.js';
import { candidatesFrom } from '../advise/placements.js';
import { predict } from '../advise/predict.js';
import { measureUnitCosts } from '../advise/probe/measure-unit-costs.js';
import { CommandError } from '../command-error.js';
import { readAdmin } from '../operators/admin-sign-in.js';
import { OperatorClient } from '../operators/operator-client.js';

interface AdviseOptions {
  readonly url: URL;
  readonly seconds: number;
  readonly costSeconds: number;
  readonly topologies?: string;
  readonly json?: boolean;
}

/** Of fewer, one more or less changes what is measured. */
const FEWEST_REQUESTS = 100;

const EXAMPLES = `
Examples:
  $ fissile advise                                of the product that runs on this machine
  $ fissile advise --seconds 60 --json > advice.json
  $ fissile advise --url https://ops.example:3001 --topologies config/topology.yaml

Run it while the product has the load that the advice is for, on a machine like those that it runs on: it measures the product for
a while, then what a call, a request and a process cost here, with three small processes of its own over TRANSPORT. It changes
nothing. It signs in as the admin of ADMIN_EMAIL and ADMIN_PASSWORD (with ADMIN_CODE for a second factor), by the access token in
ADMIN_TOKEN, or as the admin whose generated password is in DATA_DIR.`;

/** What a split or a merge would cost, for the load of now. */
export function adviseCommand(): Command {
  return new Command('advise')
    .description('Says what each split or merge would cost and gain for the load that a running product has')
    .option('--url <url>', 'where its gateway serves operators', urlOf, new URL('http://127.0.0.1:3000'))
    .option('--seconds <number>', 'how long the product is measured', secondsOf, 20)
    .option('--cost-seconds <number>', 'how long calls, requests and processes are measured', secondsOf, 45)
    .option('--topologies <file>', 'a file of topologies to judge too; config/topology.yaml when absent')
    .option('--json', 'prints all that was measured and predicted')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run({ url, seconds, costSeconds, topologies, json }: AdviseOptions): Promise<void> {
  const client = new OperatorClient(url.href, readAdmin(process.env));
  const topology = await readTopology(client);
  const now = topology.processes.map(({ hosts }) => hosts);
  const declared = declaredTopologies(topologies, now.flat());
  console.error(`measures the product for ${seconds} s …`);
  const measured = await measureProduct(client, topology, seconds);
  refuseLittleLoad(measured);
  const costs = await measureUnitCosts({
    environment: process.env,
    seconds: costSeconds,
    report: (what) => console.error(`${what} …`),
  });
  const predictions = candidatesFrom(now, declared).map((candidate) => predict(candidate, measured, costs));
  const advice = adviseOn(measured, predictions);
  const report: AdviceReport = { measured, costs, predictions, advice };
  console.log(json ? JSON.stringify(report, undefined, 2) : `\n${describeAdvice(report)}`);
}

function refuseLittleLoad({ requestsPerSecond, seconds }: Measured): void {
  const requests = Math.round(requestsPerSecond * seconds);
  if (requests >= FEWEST_REQUESTS) return;
  throw new CommandError(
    `${requests} requests in ${seconds.toFixed(0)} s are too few to judge by: expected ${FEWEST_REQUESTS}; ` +
      'give the product its load, or measure for longer by --seconds',
  );
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('expected an address, such as https://www.example.com');
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('expected a whole number of seconds from 1 to 3600');
}
