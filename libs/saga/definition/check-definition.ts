import { type EffectStep, effectSteps, type SagaDefinition } from './definition.js';

type Definition = SagaDefinition<never>;

/** @throws Error that lists every reason why the definition could not be run, compensated or resumed. */
export function checkDefinition(definition: Definition): void {
  const faults = [
    ...faultsOfVersion(definition),
    ...faultsOfFirstStep(definition),
    ...faultsOfNames(definition),
    ...faultsOfParallelSteps(definition),
    ...faultsOfWaits(definition),
    ...effectSteps(definition.steps).flatMap(faultsOfStep),
  ];
  if (faults.length === 0) return;
  throw new Error(`saga ${definition.name || 'without a name'} cannot be run: ${faults.join('; ')}`);
}

function faultsOfVersion({ name, version }: Definition): string[] {
  return [
    ...(name.trim() === '' ? ['it has no name'] : []),
    ...(Number.isInteger(version) && version > 0 ? [] : [`its version is ${version}, not 1, 2, 3, …`]),
  ];
}

function faultsOfFirstStep({ steps: [first] }: Definition): string[] {
  if (first?.kind === 'transaction') return [];
  return ['its first step is not a transaction, which also writes the saga down'];
}

/** The timeline identifies steps, and undos, by their names. */
function faultsOfNames({ steps }: Definition): string[] {
  const effects = effectSteps(steps);
  const others = steps.filter(({ kind }) => kind === 'wait' || kind === 'parallel');
  const names = [...effects, ...others].map((step) => step.name);
  const undos = effects.flatMap(({ undo }) => (undo.kind === 'none' ? [] : [undo.name]));
  return [
    ...repeated(names).map((name) => `two steps are named ${name}`),
    ...repeated(undos).map((name) => `two undos are named ${name}`),
    ...([...names, ...undos].some((name) => name.trim() === '') ? ['a step or an undo has no name'] : []),
  ];
}

function faultsOfParallelSteps({ steps }: Definition): string[] {
  const empty = steps.filter((step) => step.kind === 'parallel' && step.branches.length === 0);
  return empty.map(({ name }) => `parallel step ${name} has no calls`);
}

/** A second wait would receive the event that ended the first. */
function faultsOfWaits({ steps }: Definition): string[] {
  const types = steps.flatMap((step) => (step.kind === 'wait' && step.event ? [step.event.type.name] : []));
  return repeated(types).map((type) => `it waits for ${type} twice`);
}

function faultsOfStep({ name, undo }: EffectStep<never>): string[] {
  const unexplained = undo.kind === 'none' && undo.because.trim() === '';
  return unexplained ? [`step ${name} has no undo and gives no reason`] : [];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
