import { secondsOf, ApiUnreachable } from './api-problem.js';

const READ_OR_REPLACE = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']);
/** Said by something between, whose own request may have been carried out or not. */
const IN_BETWEEN: ReadonlySet<number> = new Set([502, 504]);
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_AFTER_LOSS_MS = 2_000;

/** How much a client bears before it gives up. */
export interface RetryPolicy {
  /** How often a request is sent at most while the API says that it comes too soon (429, 503). */
  readonly tries: number;
  /** How often it is sent at most when its answer is lost (its connection breaks; with an Idempotency-Key also 502, 504); never again where that could do a thing twice. */
  readonly triesAfterLoss: number;
  /** The longest pause, whatever Retry-After says. */
  readonly longestPauseMs: number;
}

/** Is notified of the attempts below a request. */
export interface Observer {
  /** A request is sent. */
  sent?(): void;
  /** The API answered with Retry-After. */
  waits?(milliseconds: number): void;
}

export type Send = (request: Request) => Promise<Response>;

/** Sends requests until they are answered for good, as often as the policy allows. */
export function withRetries(send: Send, retryPolicy: RetryPolicy, observer: Observer = {}): Send {
  return async (request) => {
    const hasKey = request.headers.has('idempotency-key');
    const safe = READ_OR_REPLACE.has(request.method) || hasKey;
    for (let tries = 1; ; tries += 1) {
      observer.sent?.();
      let response: Response;
      try {
        response = await send(request.clone());
        // An answer may break off in its middle too.
        if (hasKey) response = await whole(response);
      } catch (error) {
        if (request.signal.aborted) throw error;
        if (!safe || tries >= retryPolicy.triesAfterLoss) throw new ApiUnreachable(request.url, error);
        await pause(pauseAfterLoss(tries), request.signal);
        continue;
      }
      if (hasKey && IN_BETWEEN.has(response.status) && tries < retryPolicy.triesAfterLoss) {
        await pause(pauseAfterLoss(tries), request.signal);
        continue;
      }
      const cameTooSoon = response.status === 429 || (response.status === 503 && safe);
      if (!cameTooSoon || tries >= retryPolicy.tries) return response;
      await response.body?.cancel();
      const waitMs = Math.min(secondsToWait(response) * 1000, retryPolicy.longestPauseMs);
      observer.waits?.(waitMs);
      await pause(waitMs, request.signal);
    }
  };
}

/** Reads an answer to its end. */
async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
}

function pauseAfterLoss(tries: number): number {
  return Math.min(LONGEST_PAUSE_AFTER_LOSS_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
}

function secondsToWait(response: Response): number {
  return secondsOf(response.headers.get('retry-after')) || 1;
}

/** Rejects at once when the signal aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
