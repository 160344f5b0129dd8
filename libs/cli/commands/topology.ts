import type { TopologyRequest } from '@fissile/kit/gateway';
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { dataDirOf } from '../product-project.js';
import { askProduct } from '../topology/ask-product.js';
import { describePlacement } from '../topology/describe-placement.js';

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

It changes the product that runs on this machine, and requests are served meanwhile. After its next start, TOPOLOGY counts again.`;

const LOOK_EVERY_MS = 100;

/** What the processes of the running product host, and changes of it. */
export function topologyCommand(): Command {
  const command = new Command('topology')
    .description(
      'Shows which process hosts what, and changes it and handles processes while the product runs',
    )
    .addHelpText('after', EXAMPLES)
    .action(async () =>
      console.log(describePlacement(await askProduct(dataDirOf(process.env), { action: 'show' }))),
    );
  command
    .command('move')
    .description('Moves a context to another process')
    .argument('<context>')
    .requiredOption('--to <process>', 'the name of a process, `gateway` for the one that hosts it, or `own`')
    .action((context: string, { to }: { to: string }) => change({ action: 'move', context, to }));
  command
    .command('apply')
    .description('Moves contexts until the processes are those of a topology')
    .argument('<topology>')
    .action((topology: string) => change({ action: 'apply', topology }));
  command
    .command('roll-back')
    .description('Takes the change back that is under way, or else the last one')
    .action(() => change({ action: 'roll-back' }));
  addProcessCommands(command);
  return command;
}

function addProcessCommands(command: Command): void {
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
      .action((process: string) => change({ action, process }));
  }
  command
    .command('scale')
    .description('Starts or stops instances of a process until there are so many')
    .argument('<process>')
    .argument('<instances>', 'a whole number')
    .action((process: string, instances: string) =>
      change({ action: 'scale', process, instances: Number(instances) }),
    );
}

/** Begins the change, and prints its stages until it has ended. */
async function change(request: TopologyRequest): Promise<void> {
  let shown = '';
  let answer = await askProduct(dataDirOf(process.env), request);
  for (;;) {
    const { what, stage, endedAt, error, waitingFor } = answer.change ?? {};
    const waits = waitingFor && waitingFor.length > 0 ? `, waiting for ${waitingFor.join(', ')}` : '';
    const line = `${what}: ${stage}${waits}`;
    if (line !== shown) console.log(line);
    shown = line;
    if (endedAt) {
      if (error) console.error(error);
      console.log(`\n${describePlacement(answer)}`);
      // Whoever asks for the way back may get it as the end of the change under way, or as a change of its own.
      const isAsWanted = stage === 'drained' || request.action === 'roll-back';
      process.exitCode = isAsWanted && !(error && stage === 'drained') ? 0 : 1;
      return;
    }
    await pause(LOOK_EVERY_MS);
    answer = await askProduct(dataDirOf(process.env), { action: 'show' });
  }
}
