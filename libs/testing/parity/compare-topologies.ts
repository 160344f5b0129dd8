import type { Answer } from '../product/send-request.js';
import { type RunOptions, RunningProduct } from '../product/running-product.js';
import { startTestServer } from '../test-database.js';
import { Normaliser } from './normaliser.js';
import type { ParityPlan } from './recorded-request.js';
import { nameOf, sendRecorded } from './send-recorded.js';
import { valuesOf } from './value-at.js';

/** A request that two topologies answer differently. */
export interface ParityDifference {
  readonly request: string;
  /** A line for each value that differs. */
  readonly lines: readonly string[];
}

export interface ParityOptions extends Omit<RunOptions, 'topology' | 'server'> {
  readonly plan: ParityPlan;
  /** The two to compare; one process and `split` when absent. */
  readonly topologies?: readonly [string, string] | undefined;
}

/** Sends the same requests to two topologies of a product, and returns what they answer differently. */
export async function compareTopologies(options: ParityOptions): Promise<ParityDifference[]> {
  const { plan, topologies = ['monolith', 'split'] } = options;
  const server = await startTestServer();
  const shared = { ...options, server: { url: server.url, stop: async () => undefined } };
  try {
    const one = await record(shared, topologies[0]);
    const other = await record(shared, topologies[1]);
    return plan.requests.flatMap((request, index) => {
      const lines = differences([topologies[0], one[index]], [topologies[1], other[index]]);
      return lines.length === 0 ? [] : [{ request: nameOf(request), lines }];
    });
  } finally {
    await plan.close?.();
    await server.stop();
  }
}

/** All differences as text for people. */
export function describeDifferences(found: readonly ParityDifference[]): string {
  return found
    .map(({ request, lines }) => [request, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n');
}

/** What a topology answers to each request, without what a run makes up. */
async function record(
  { plan, settings, ...options }: ParityOptions & Pick<RunOptions, 'server'>,
  topology: string,
): Promise<Answer[]> {
  const running = await RunningProduct.start({
    ...options,
    topology,
    // Answers repeat the trace that the requests name.
    settings: { TRACE_TRUST_INCOMING: 'true', ...settings, ...plan.settings },
  });
  try {
    const saved = new Map(Object.entries((await plan.prepare?.(running)) ?? {}));
    const normaliser = new Normaliser(plan.opaque);
    const answers: Answer[] = [];
    for (const request of plan.requests) {
      const answer = await sendRecorded(running.url, request, saved);
      answers.push(normaliser.normalise(answer, request.unordered));
    }
    return answers;
  } catch (error) {
    throw new Error(`${topology}: ${(error as Error).message}`, { cause: error });
  } finally {
    await running.close();
  }
}

type Side = readonly [topology: string, answer: Answer | undefined];

function differences([one, oneAnswer]: Side, [other, otherAnswer]: Side): string[] {
  const left = new Map(valuesOf(oneAnswer));
  const right = new Map(valuesOf(otherAnswer));
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((path) => ({ path, left: shown(left, path), right: shown(right, path) }))
    .filter((value) => value.left !== value.right)
    .map((value) => `${value.path}: ${value.left} from ${one}, ${value.right} from ${other}`);
}

function shown(values: ReadonlyMap<string, unknown>, path: string): string {
  return values.has(path) ? JSON.stringify(values.get(path)) : 'nothing';
}
