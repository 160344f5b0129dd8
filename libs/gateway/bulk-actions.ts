import { Injectable } from '@nestjs/common';
import {
  ContextError,
  type ContextName,
  type DeadLetterFilter,
  type Implementation,
  type Operations,
  type SagaFilter,
} from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { Placement } from '@fissile/kit/rpc';
import { OperationsClients } from '@fissile/kit/operations';
import type { MissingContext } from './operator-view.js';

type OperationsOf = Implementation<typeof Operations>;

/** What is done to all that fit a filter, at most so many at a time. */
export const BULK_AT_MOST = 1_000;
/** A call waits for the handlers of its events, one after the other. */
const REPLAYED_IN_A_CALL = 10;
const CHANGED_IN_A_CALL = 100;
/** What is left of the time of the request for the call under way, and for the answer. */
const LAST_CALL_MS = 3_000;

export interface BulkRequest<Filter> {
  readonly filter: Filter & { readonly context?: ContextName | undefined };
  /** Whether only to say how many there are. */
  readonly preview: boolean;
}

export interface BulkResult {
  /** How many fit the filter, of each context 5,000 at most. */
  readonly matching: number;
  /** How many of them the action is for, BULK_AT_MOST at most. */
  readonly eligible: number;
  /** Whether there are more than those, or time was short for them: ask again. */
  readonly more: boolean;
  readonly done: number;
  /** How many were tried and failed again. */
  readonly failed: number;
  readonly missing: readonly MissingContext[];
}

interface Matched {
  readonly matching: number;
  readonly ids: readonly string[];
}

interface Acted {
  readonly done: number;
  readonly failed: number;
}

/** How an action finds what it is for in a context, and is done there to some of it. */
interface BulkAction {
  readonly inACall: number;
  match(operations: OperationsOf): Promise<Matched>;
  act(operations: OperationsOf, ids: string[]): Promise<Acted>;
}

/** What one context has to do, and how far it is. */
class Share {
  done = 0;
  failed = 0;
  isCutShort = false;

  constructor(
    readonly context: ContextName,
    readonly ids: string[],
  ) {}
}

/** Acts of operators on all sagas, or dead letters, that fit a filter, oldest first. Asked for twice, each is done once. */
@Injectable()
export class BulkActions {
  constructor(
    private readonly clients: OperationsClients,
    private readonly placement: Placement,
  ) {}

  sagas(
    action: 'retry' | 'abort',
    { filter: { context, ...filter }, preview }: BulkRequest<SagaFilter>,
  ): Promise<BulkResult> {
    return this.run(context, preview, {
      inACall: CHANGED_IN_A_CALL,
      match: async (operations) => {
        const request = { filter, action, limit: BULK_AT_MOST + 1 };
        const { matching, sagaIds } = await operations.matchSagas(request);
        return { matching, ids: sagaIds };
      },
      act: async (operations, sagaIds) => {
        const request = { sagaIds };
        const { done } = await (action === 'retry'
          ? operations.retrySagas(request)
          : operations.abortSagas(request));
        return { done, failed: 0 };
      },
    });
  }

  deadLetters(
    action: 'replay' | 'discard',
    { filter: { context, ...filter }, preview }: BulkRequest<DeadLetterFilter>,
  ): Promise<BulkResult> {
    return this.run(context, preview, {
      inACall: action === 'replay' ? REPLAYED_IN_A_CALL : CHANGED_IN_A_CALL,
      match: async (operations) => {
        const request = { filter, action, limit: BULK_AT_MOST + 1 };
        const { matching, deadLetterIds } = await operations.matchDeadLetters(request);
        return { matching, ids: deadLetterIds };
      },
      act: async (operations, deadLetterIds) => {
        const request = { deadLetterIds };
        if (action === 'discard') return { ...(await operations.discardDeadLetters(request)), failed: 0 };
        const { done, failedIds } = await operations.replayDeadLetters(request);
        return { done, failed: failedIds.length };
      },
    });
  }

  /** @throws ContextError when no context answers */
  private async run(
    only: ContextName | undefined,
    preview: boolean,
    action: BulkAction,
  ): Promise<BulkResult> {
    const { matched, missing } = await this.matchAll(only, action);
    const found = matched.flatMap(({ context, ids }) => ids.map((id) => ({ context, id })));
    // Ids sort by time.
    const eligible = found.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, BULK_AT_MOST);
    const shares = matched.map(({ context }) => {
      return new Share(
        context,
        eligible.flatMap((each) => (each.context === context ? [each.id] : [])),
      );
    });
    if (!preview) missing.push(...(await this.actOn(shares, action)));
    return {
      matching: matched.reduce((sum, { matching }) => sum + matching, 0),
      eligible: eligible.length,
      more: found.length > eligible.length || shares.some(({ isCutShort }) => isCutShort),
      done: shares.reduce((sum, { done }) => sum + done, 0),
      failed: shares.reduce((sum, { failed }) => sum + failed, 0),
      missing,
    };
  }

  private async matchAll(only: ContextName | undefined, action: BulkAction) {
    const contexts = only === undefined ? this.placement.product.contextNames : [only];
    const answers = await Promise.allSettled(
      contexts.map(async (context) => ({ context, ...(await action.match(this.clients.of(context))) })),
    );
    const matched = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const missing = answers.flatMap((answer, index) =>
      answer.status === 'rejected' ? [missingOf(contexts[index] ?? '', answer.reason)] : [],
    );
    const [first] = answers;
    if (matched.length === 0 && first?.status === 'rejected') throw first.reason;
    return { matched, missing };
  }

  /** @returns the contexts that stopped answering */
  private async actOn(shares: readonly Share[], action: BulkAction): Promise<MissingContext[]> {
    const lost = shares.map(async (share): Promise<MissingContext[]> => {
      try {
        await this.actOnShare(share, action);
        return [];
      } catch (error) {
        share.isCutShort = true;
        return [missingOf(share.context, error)];
      }
    });
    return (await Promise.all(lost)).flat();
  }

  private async actOnShare(share: Share, { inACall, act }: BulkAction): Promise<void> {
    const operations = this.clients.of(share.context);
    for (let start = 0; start < share.ids.length; start += inACall) {
      if ((currentCall()?.deadline ?? Infinity) - Date.now() < LAST_CALL_MS) {
        share.isCutShort = true;
        return;
      }
      const { done, failed } = await act(operations, share.ids.slice(start, start + inACall));
      share.done += done;
      share.failed += failed;
    }
  }
}

/** @throws what is no error that a context promises */
function missingOf(context: ContextName, error: unknown): MissingContext {
  if (error instanceof ContextError) return { context, reason: error.code };
  throw error;
}
