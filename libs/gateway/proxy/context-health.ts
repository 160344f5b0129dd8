import type { ContextName } from '@fissile/kit/contract';
import { type Discovery, type Instance, originOf } from '@fissile/kit/rpc';
import type { HealthSource, State } from '@fissile/kit/health';

const ANSWER_WITHIN_MS = 2_000;

type States = Readonly<Record<string, State>>;

/**
 * The health of a remote context and its dependencies, as its healthiest instance reports it: that instance serves.
 * @param isGivenUp whether the breaker refuses requests to the context now, because too few got a response
 */
export function healthOf(context: ContextName, discovery: Discovery, isGivenUp: () => boolean): HealthSource {
  return async () => {
    if (isGivenUp()) return { [context]: 'down' };
    const states = await Promise.all(discovery.instancesOf(context).map((one) => ask(context, one)));
    return states.find((each) => each[context] === 'up') ?? states[0] ?? { [context]: 'down' };
  };
}

async function ask(context: ContextName, instance: Instance): Promise<States> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${originOf(instance)}/health`, { signal });
    const { status, ...dependencies } = (await response.json()) as Record<string, State> & { status: string };
    return { ...dependencies, [context]: status === 'healthy' ? 'up' : 'down' };
  } catch {
    return { [context]: 'down' };
  }
}
