import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readPlan } from '../parity/read-plan.js';
import { recordRequests } from '../parity/record-requests.js';
import { namesIn, productToTest } from '../product-to-test.js';

interface ParityFlags {
  readonly requests?: string;
  readonly topologies: string;
  readonly record?: string;
  readonly port: string;
}

const RECORDED = 'test/parity.jsonl';

const EXAMPLES = `
Examples:
  $ fissile parity                                  compares one process and split
  $ fissile parity --requests smoke.json --topologies monolith,edge-core
  $ fissile parity --record http://127.0.0.1:3000   keeps what is sent through it in ${RECORDED}

Requests are written by hand or recorded; each is a JSON object: method, path, as, headers, body, save, until, unordered. A
module, dist/test/parity.js, can make them, and give tokens. The guide "Test a product" shows all of it. Ids, tokens and times that
differ by run are no difference. It exits with 1 when an answer differs.`;

/** `fissile parity` */
export function parityCommand(): Command {
  return new Command('parity')
    .description('Sends the same requests to the product in two topologies, and compares the answers')
    .option(
      '--requests <file>',
      'a compiled module, JSON or JSON lines; dist/test/parity.js, or test/parity.json or .jsonl, when absent',
    )
    .option('--topologies <names>', 'the two to compare', 'monolith,split')
    .option('--record <url>', 'records requests to the product that runs there, and compares nothing')
    .option('--port <port>', 'where requests to record are sent', '0')
    .addHelpText('after', EXAMPLES)
    .action(({ record, ...flags }: ParityFlags) =>
      record === undefined
        ? compare(flags)
        : recordRequests(record, flags.requests ?? RECORDED, portOf(flags)),
    );
}

async function compare({ requests, topologies }: Omit<ParityFlags, 'record'>): Promise<void> {
  const [one, other, ...more] = namesIn(topologies);
  if (one === undefined || other === undefined || more.length > 0) {
    throw new CommandError(`--topologies: ${topologies}: expected two, such as monolith,split`);
  }
  const tested = await productToTest();
  const plan = await readPlan(tested.cwd, requests);
  const { compareTopologies, describeDifferences } = await import('@fissile/kit/testing');
  const found = await compareTopologies({ ...tested, plan, topologies: [one, other] }).catch(
    (error: Error) => {
      throw new CommandError(error.message);
    },
  );
  const count = plan.requests.length;
  if (found.length === 0) return console.log(`${one} and ${other} answer ${count} requests alike.`);
  throw new CommandError(
    `${one} and ${other} answer ${found.length} of ${count} requests differently:\n\n${describeDifferences(found)}`,
  );
}

function portOf({ port }: Pick<ParityFlags, 'port'>): number {
  const number = Number(port);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  throw new CommandError(`--port: ${port}: expected a port`);
}
