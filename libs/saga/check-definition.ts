import type { SagaDefinition, Step } from './definition.js';

type Definition = SagaDefinition<never>;

/** @throws Error that names everything for which the definition could not be run, undone or resumed. */
export function checkDefinition(definition: Definition): void {
  const faults = [
    ...faultsOfVersion(definition),
    ...faultsOfFirstStep(definition),
    ...faultsOfNames(definition),
    ...definition.steps.flatMap(faultsOfStep),
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

/** The timeline tells steps, and undos, apart by their names. */
function faultsOfNames({ steps }: Definition): string[] {
  const names = steps.map((step) => step.name);
  const undos = steps.flatMap(({ undo }) => (undo.kind === 'none' ? [] : [undo.name]));
  return [
    ...repeated(names).map((name) => `two steps are named ${name}`),
    ...repeated(undos).map((name) => `two undos are named ${name}`),
    ...([...names, ...undos].some((name) => name.trim() === '') ? ['a step or an undo has no name'] : []),
  ];
}

function faultsOfStep({ name, undo }: Step<never>): string[] {
  const unexplained = undo.kind === 'none' && undo.because.trim() === '';
  return unexplained ? [`step ${name} has no undo and gives no reason`] : [];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
