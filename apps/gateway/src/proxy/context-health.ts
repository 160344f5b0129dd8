import type { ContextName } from '#libs/contracts';
import type { HealthSource, State } from '#libs/health';

const ANSWER_WITHIN_MS = 2_000;

/**
 * How a context elsewhere and what it depends on are, as its process tells it.
 * @param isGivenUp whether requests to it are refused now, because too few were answered
 */
export function healthOf(context: ContextName, origin: () => string, isGivenUp: () => boolean): HealthSource {
  return async () => {
    if (isGivenUp()) return { [context]: 'down' };
    try {
      const response = await fetch(`${origin()}/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const { status, ...dependencies } = (await response.json()) as Record<string, State> & {
        status: string;
      };
      return { ...dependencies, [context]: status === 'healthy' ? 'up' : 'down' };
    } catch {
      return { [context]: 'down' };
    }
  };
}
