import type { TopologyRequest } from '@fissile/kit/operations';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError } from '../command-error.js';
import { readAdmin } from '../operators/admin-sign-in.js';
import { OperatorClient } from '../operators/operator-client.js';
import { dataDirOf } from '../product-project.js';
import { askProduct } from '../topology/ask-product.js';
import { describePlacement } from '../topology/describe-placement.js';
import { carryOut, type RunningProduct } from '../topology/follow-change.js';
import { clusterAround, KubernetesDeployment } from '../topology/kubernetes-deployment.js';
import { askRemoteProduct } from '../topology/remote-product.js';
import { moveAndScale } from '../topology/scaled-move.js';

const EXAMPLES = `
Examples:
  $ fissile topology                        the processes, what they host, and the last change
  $ fissile topology move billing --to own  gives billing a process of its own
  $ fissile topology move billing --to gateway
  $ fissile topology apply split            until the processes are those of a topology of config/topology.yaml
  $ fissile topology restart billing        new instances work before the former ones stop
  $ fissile topology scale billing 3        instances
  $ fissile topology stop billing           and start billing: what it hosts is away meanwhile
  $ fissile topology roll-back              the change under way, or the last one
  $ fissile topology --url https://www.example.com move billing --to own

It changes the product that runs on this machine, or with --url one that runs elsewhere, and requests are served meanwhile. After
its next start, TOPOLOGY counts again, unless PLACEMENT_STORE keeps what processes host. --url asks as an
admin: by ADMIN_TOKEN, an access token, or by ADMIN_EMAIL and ADMIN_PASSWORD (with ADMIN_CODE of an authenticator app).`;

interface MoveOptions {
  readonly to: string;
  readonly deployment?: string;
  readonly replicas?: number;
}

/** What the processes of the running product host, and changes of it. */
export function topologyCommand(): Command {
  const command = new Command('topology')
    .description(
      'Shows which process hosts what, and changes it and handles processes while the product runs',
    )
    .option('--url <url>', 'the address of a product elsewhere', urlOf)
    .addHelpText('after', EXAMPLES);
  let found: RunningProduct | undefined;
  // Options are known when an action runs.
  const product = (): RunningProduct => (found ??= productAt(command.opts<{ url?: URL }>()));
  command.action(async () => console.log(describePlacement(await product().ask({ action: 'show' }))));
  addMove(command, product);
  command
    .command('apply')
    .description('Moves contexts until the processes are those of a topology')
    .argument('<topology>')
    .action((topology: string) => change(product(), { action: 'apply', topology }));
  command
    .command('roll-back')
    .description('Takes the change back that is under way, or else the last one')
    .action(() => change(product(), { action: 'roll-back' }));
  addProcessCommands(command, product);
  return command;
}

function addMove(command: Command, product: () => RunningProduct): void {
  command
    .command('move')
    .description('Moves a context to another process')
    .argument('<context>')
    .requiredOption('--to <process>', 'the name of a process, `gateway` for the one that hosts it, or `own`')
    .option('--deployment <name>', 'a Deployment of the cluster around, to be scaled up before or down after')
    .option('--replicas <number>', 'how many it is to have then', replicasOf)
    .action(async (context: string, { to, deployment, replicas }: MoveOptions) => {
      const move = { action: 'move' as const, context, to };
      if (deployment === undefined && replicas === undefined) return change(product(), move);
      if (deployment === undefined || replicas === undefined) {
        throw new CommandError('expected both --deployment and --replicas, or neither', 2);
      }
      const scaled = new KubernetesDeployment(clusterAround(process.env), deployment);
      try {
        process.exitCode = (await moveAndScale(product(), move, scaled, replicas)) ? 0 : 1;
      } finally {
        await scaled.close();
      }
    });
}

function addProcessCommands(command: Command, product: () => RunningProduct): void {
  const descriptions = {
    restart: 'Starts the instances of a process anew',
    stop: 'Stops a process in order',
    start: 'Starts a process again that was stopped',
  };
  for (const action of ['restart', 'stop', 'start'] as const) {
    command
      .command(action)
      .description(descriptions[action])
      .argument('<process>')
      .action((process: string) => change(product(), { action, process }));
  }
  command
    .command('scale')
    .description('Starts or stops instances of a process until there are so many')
    .argument('<process>')
    .argument('<instances>', 'a whole number')
    .action((process: string, instances: string) =>
      change(product(), { action: 'scale', process, instances: Number(instances) }),
    );
}

async function change(product: RunningProduct, request: TopologyRequest): Promise<void> {
  process.exitCode = (await carryOut(product, request)) ? 0 : 1;
}

/** The product that is meant; one access token is enough for all that a command asks. */
function productAt({ url }: { url?: URL }): RunningProduct {
  if (!url) return { ask: (request) => askProduct(dataDirOf(process.env), request), lookEveryMs: 100 };
  const client = new OperatorClient(url.href, readAdmin(process.env));
  return { ask: (request) => askRemoteProduct(client, request), lookEveryMs: 1_000 };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('expected an address, such as https://www.example.com');
}

function replicasOf(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 0 to 999');
}
