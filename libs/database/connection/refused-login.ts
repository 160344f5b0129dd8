import type { Pool, PoolClient } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';

/** SQLSTATE class 28: invalid authorization, such as a wrong password. */
const REFUSED = /^28/;
/** How long somebody who needs a connection waits for the password that counts. */
const WITHIN_MS = 10_000;
const PAUSE_MS = 250;

type Callback = (
  error: Error | undefined,
  client?: PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;

/**
 * Has a pool connect again, with the password of the moment, when the server refuses a login: the password has changed at the
 * server, and its new one is in its file or soon will be. Connections that are open are not touched by that. Of several that
 * need a connection one tries at a time: what a server refuses to one it refuses to all, and it may count refusals.
 * @param renew looks for the new one
 */
export function retryRefusedLogins(pool: Pool, renew: () => void): void {
  const connect = pool.connect.bind(pool) as (callback?: Callback) => Promise<PoolClient>;
  const retry = async (refusal: unknown, giveUpAt: number): Promise<PoolClient> => {
    let last = refusal;
    while (isRefusal(last) && performance.now() < giveUpAt) {
      renew();
      try {
        return await connect();
      } catch (error) {
        last = error;
      }
      await pause(PAUSE_MS);
    }
    throw last;
  };
  let underWay: Promise<unknown> = Promise.resolve();
  const again = (refusal: unknown): Promise<PoolClient> => {
    const giveUpAt = performance.now() + WITHIN_MS;
    const own = underWay.then(() => retry(refusal, giveUpAt));
    underWay = own.catch(() => undefined);
    return own;
  };
  const retrying = (callback?: Callback): Promise<PoolClient> | void => {
    if (!callback)
      return connect().catch((error: unknown) =>
        isRefusal(error) ? again(error) : Promise.reject(error as Error),
      );
    void connect((error, client, release) => {
      if (!isRefusal(error)) return callback(error, client, release);
      again(error).then(
        (connected) => callback(undefined, connected, (reason) => connected.release(reason)),
        (last: unknown) => callback(last as Error),
      );
    });
  };
  pool.connect = retrying as Pool['connect'];
}

function isRefusal(error: unknown): boolean {
  return REFUSED.test((error as { code?: string } | undefined)?.code ?? '');
}
