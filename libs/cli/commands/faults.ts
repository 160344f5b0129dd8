import { Command } from 'commander';
import type { EventBroker, FaultKindName } from '@fissile/kit/testing';
import { CommandError } from '../command-error.js';
import { readScenario } from '../faults/read-scenario.js';
import { namesIn, productToTest } from '../product-to-test.js';

interface FaultFlags {
  readonly scenario?: string;
  readonly kinds?: string;
  readonly topologies: string;
  readonly seed?: string;
  readonly rounds: string;
}

const EXAMPLES = `
Examples:
  $ fissile faults
  $ fissile faults --kinds kill,restart --topologies split --rounds 5
  $ fissile faults --seed 417                       the same choices again

Kinds: kill (each process, kill -9), restart (each process, SIGTERM), connections-cut and database-silent (PostgreSQL),
events-again (each event comes a second time), broker-restart (where EVENT_BUS is rabbitmq or nats). Afterwards every saga must
have ended, no event may wait or be a dead letter, no step may be done twice, and the scenario's own check must find
nothing. It exits with 1 when something is wrong. The guide "Test a product" shows a scenario.`;

/** `fissile faults` */
export function faultsCommand(): Command {
  return new Command('faults')
    .description(
      "Injects faults while the product's own sagas run, and checks that nothing is lost, doubled or stuck",
    )
    .option('--scenario <file>', 'the compiled scenario; dist/test/faults.js when absent')
    .option('--kinds <names>', 'some of the kinds; all when absent')
    .option('--topologies <names>', 'where they happen', 'monolith,split')
    .option('--seed <number>', 'makes the same choices as a run before')
    .option('--rounds <number>', 'how often each kind happens', '1')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run({ scenario: file, kinds, topologies, seed, rounds }: FaultFlags): Promise<void> {
  const { describeOutcomes, EVENT_BROKERS, FAULT_KINDS, runFaults } = await import('@fissile/kit/testing');
  const chosen = kinds === undefined ? FAULT_KINDS : chosenKinds(namesIn(kinds), FAULT_KINDS);
  const chosenSeed =
    seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber('--seed', seed, 0);
  const chosenRounds = wholeNumber('--rounds', rounds, 1);
  const tested = await productToTest();
  const scenario = await readScenario(tested.cwd, file);
  const bus = scenario.settings?.['EVENT_BUS'] ?? tested.product.settings['EVENT_BUS'];
  console.log(`seed ${chosenSeed}; the same again: fissile faults --seed ${chosenSeed}`);
  const outcomes = await runFaults({
    ...tested,
    scenario,
    kinds: chosen,
    topologies: namesIn(topologies),
    rounds: chosenRounds,
    seed: chosenSeed,
    broker: EVENT_BROKERS.find((name): name is EventBroker => name === bus),
    onOutcome: ({ fault, topology, problems }) =>
      console.log(`${fault}, ${topology}: ${problems.length === 0 ? 'well' : 'NOT WELL'}`),
  });
  console.log(`\n${describeOutcomes(outcomes)}`);
  if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

function chosenKinds(names: readonly string[], known: readonly FaultKindName[]): FaultKindName[] {
  const unknown = names.filter((name) => !known.some((kind) => kind === name));
  if (unknown.length > 0 || names.length === 0) {
    throw new CommandError(`--kinds: ${unknown.join(', ') || 'none'}: expected some of ${known.join(', ')}`);
  }
  return known.filter((kind) => names.includes(kind));
}

function wholeNumber(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new CommandError(`${flag}: ${text}: expected a whole number from ${least}`);
}
