import { Injectable } from '@nestjs/common';
import type { ConsulState, LiveView } from '@fissile/kit/config';
import {
  ContextError,
  type ContextName,
  type ErrorCode,
  hasCode,
  type Implementation,
  type AuditEvent,
  type DeadLetter,
  type DeadLetterFilter,
  type GetSagaResponse,
  type ListAuditEventsRequest,
  type Operations,
  type SagaFilter,
  type SagaSummary,
} from '@fissile/kit/contract';
import { Id, type Page, readCursor, toPage } from '@fissile/kit/http';
import {
  type BreakerState,
  type BreakerStatus,
  isNoAnswer,
  Placement,
  type PlannedProcess,
} from '@fissile/kit/rpc';
import { OperationsClients, ProcessClients } from '@fissile/kit/operations';

type OperationsOf = Implementation<typeof Operations>;

export interface OperatorQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly context?: ContextName | undefined;
  /** Newest first by default. */
  readonly sort?: 'newest' | 'oldest' | undefined;
}

/** What a context is asked for. */
interface PageOfContext {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly oldestFirst: boolean;
}

type AuditFilter = Pick<ListAuditEventsRequest, 'action' | 'userId' | 'subject' | 'from' | 'to'>;

/** A context that did not answer. */
export interface MissingContext {
  readonly context: ContextName;
  /** The code of the error that came instead of its rows. */
  readonly reason: string;
}

/** A page of what the contexts that answered have. The next page asks the missing ones again, from its cursor on. */
export interface OperatorPage<T> extends Page<T> {
  readonly missing: readonly MissingContext[];
}

/** What a process says of its breakers, or the code of the error that came instead. */
export type BreakerAnswer =
  { readonly breakers: BreakerStatus[] } | { readonly breakers: null; readonly reason: string };

/** Combines the operator data of all contexts. Ids are UUIDv7, so lists merge by id, newest first. */
@Injectable()
export class OperatorView {
  constructor(
    private readonly clients: OperationsClients,
    private readonly placement: Placement,
    private readonly processes: ProcessClients,
  ) {}

  /** The breakers of a process, or why it did not say. */
  async breakersOf(process: PlannedProcess): Promise<BreakerAnswer> {
    try {
      const { breakers } = await this.processes.of(process).listBreakers({});
      return { breakers: breakers.map(({ state, ...rest }) => ({ ...rest, state: state as BreakerState })) };
    } catch (error) {
      return { breakers: null, reason: error instanceof ContextError ? error.code : 'internal_error' };
    }
  }

  /** The settings of a process; undefined when the process does not respond. */
  async settingsOf(process: PlannedProcess): Promise<LiveView | undefined> {
    try {
      const { settings, consul, ...rest } = await this.processes.of(process).listSettings({});
      return {
        ...rest,
        settings: settings.map(({ value, ...setting }) => ({ ...setting, value: value ?? null })),
        consul: consul as ConsulState,
      };
    } catch {
      return undefined;
    }
  }

  async listSagas({
    status,
    name,
    id,
    from,
    to,
    ...query
  }: OperatorQuery & SagaFilter): Promise<OperatorPage<SagaSummary>> {
    const filter = { status, name, id, from, to };
    return this.merge(query, async (operations, page) => {
      return (await operations.listSagas({ ...page, status, filter })).sagas;
    });
  }

  async listDeadLetters({
    type,
    id,
    text,
    from,
    to,
    ...query
  }: OperatorQuery & DeadLetterFilter): Promise<OperatorPage<DeadLetter>> {
    const filter = { type, id, text, from, to };
    return this.merge(query, async (operations, page) => {
      return (await operations.listDeadLetters({ ...page, filter })).deadLetters;
    });
  }

  async listAuditEvents({
    action,
    userId,
    subject,
    from,
    to,
    ...query
  }: OperatorQuery & AuditFilter): Promise<OperatorPage<AuditEvent>> {
    return this.merge(query, async (operations, page) => {
      return (await operations.listAuditEvents({ ...page, action, userId, subject, from, to })).events;
    });
  }

  /** @throws ContextError saga_not_found */
  async findSaga(sagaId: string): Promise<{ operations: OperationsOf; response: GetSagaResponse }> {
    return this.firstThatKnows('saga_not_found', async (operations) => ({
      operations,
      response: await operations.getSaga({ sagaId }),
    }));
  }

  /** @throws ContextError dead_letter_not_found */
  async findDeadLetter(deadLetterId: string): Promise<DeadLetter> {
    const { deadLetter } = await this.firstThatKnows('dead_letter_not_found', (operations) =>
      operations.getDeadLetter({ deadLetterId }),
    );
    if (!deadLetter) throw ContextError.of('dead_letter_not_found');
    return deadLetter;
  }

  async replayDeadLetter(deadLetterId: string): Promise<void> {
    await this.firstThatKnows('dead_letter_not_found', (operations) =>
      operations.replayDeadLetter({ deadLetterId }),
    );
  }

  async discardDeadLetter(deadLetterId: string): Promise<void> {
    await this.firstThatKnows('dead_letter_not_found', (operations) =>
      operations.discardDeadLetter({ deadLetterId }),
    );
  }

  /** @throws ContextError when no context answers */
  private async merge<T extends { readonly id: string }>(
    { limit, cursor, context, sort }: OperatorQuery,
    list: (operations: OperationsOf, page: PageOfContext) => Promise<T[]>,
  ): Promise<OperatorPage<T>> {
    const oldestFirst = sort === 'oldest';
    const ofContext = { limit: limit + 1, cursor: readCursor(cursor, Id), oldestFirst };
    const contexts = context ? [context] : this.placement.product.contextNames;
    const lists = await Promise.allSettled(
      contexts.map(async (name) => list(this.clients.of(name), ofContext)),
    );
    const failures = lists.flatMap((answer, index) =>
      answer.status === 'rejected'
        ? [{ context: contexts[index] ?? '', error: answer.reason as unknown }]
        : [],
    );
    const unexpected = failures.find(({ error }) => !isOutage(error));
    const fatal = unexpected ?? (failures.length === contexts.length ? failures[0] : undefined);
    if (fatal) throw fatal.error;
    const rows = lists.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const sorted = rows.sort((one, other) => (one.id < other.id === oldestFirst ? -1 : 1));
    const page = toPage(sorted.slice(0, limit + 1), limit, ({ id }) => id);
    const missing = failures.map(({ context, error }) => ({ context, reason: (error as ContextError).code }));
    return { ...page, missing };
  }

  /**
   * An unavailable context does not hide what another context has. Its error is thrown only when no other context
   * has the item.
   */
  private async firstThatKnows<T>(
    unknown: ErrorCode,
    ask: (operations: OperationsOf) => Promise<T>,
  ): Promise<T> {
    let unavailable: ContextError | undefined;
    for (const context of this.placement.product.contextNames) {
      try {
        return await ask(this.clients.of(context));
      } catch (error) {
        if (isNoAnswer(error)) unavailable ??= error as ContextError;
        else if (!hasCode(error, unknown)) throw error;
      }
    }
    throw unavailable ?? ContextError.of(unknown);
  }
}

/** Whether the context could not answer, as opposed to refusing what was asked. */
function isOutage(error: unknown): boolean {
  return error instanceof ContextError && (isNoAnswer(error) || error.status >= 500);
}
