import { Injectable, Optional } from '@nestjs/common';
import { z } from 'zod';
import { AuditLog, type AuditRecord } from './audit/audit-log.js';
import { shownMessage, stepValues } from './saga-step-values.js';
import {
  type AuditAction,
  ContextError,
  hasCode,
  type Implementation,
  type AuditEvent,
  type DeadLetter,
  type Operations,
  type SagaFilter as SagaFilterMessage,
  type SagaStep,
  type SagaSummary,
} from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { type DeadLetterAction, type DeadLetterRecord, DeadLetters, Inbox } from '@fissile/kit/messaging';
import { traceIdIn } from '@fissile/kit/observability';
import {
  type SagaAction,
  type SagaFilter,
  type SagaRecord,
  Sagas,
  type SagaStatus,
  type TimelineEntry,
} from '@fissile/kit/saga';

type Requests = {
  [M in keyof Implementation<typeof Operations>]: Parameters<Implementation<typeof Operations>[M]>[0];
};

const MAX_LIMIT = 100;
const Status = z.enum(['running', 'compensating', 'completed', 'compensated'] satisfies SagaStatus[]);
const SagaActionName = z.enum(['retry', 'abort'] satisfies SagaAction[]);
const DeadLetterActionName = z.enum(['replay', 'discard'] satisfies DeadLetterAction[]);

/** What operators see and do in one context. A context without sagas has none to show. */
@Injectable()
export class OperationsHandler implements Implementation<typeof Operations> {
  constructor(
    private readonly database: Database,
    private readonly inbox: Inbox,
    private readonly deadLetters: DeadLetters,
    private readonly audit: AuditLog,
    @Optional() private readonly sagas?: Sagas,
  ) {}

  async listSagas({ limit, cursor, oldestFirst, status, filter }: Requests['listSagas']) {
    const size = pageSize(limit);
    const page = { limit: size + 1, cursor, oldestFirst };
    const records = (await this.sagas?.search(page, sagaFilterOf({ status, ...filter }))) ?? [];
    const sagas = records.slice(0, size).map((saga) => this.toSummary(saga));
    return { sagas, nextCursor: records.length > size ? sagas.at(-1)?.id : undefined };
  }

  async getSaga({ sagaId }: Requests['getSaga']) {
    const saga = await this.requireSagas().get(sagaId);
    return { saga: this.toSummary(saga), steps: saga.timeline.map((entry) => toStep(saga, entry)) };
  }

  async retrySaga({ sagaId }: Requests['retrySaga']) {
    await this.requireSagas().retry(sagaId, this.recorded('saga.retried', sagaId));
    return {};
  }

  async abortSaga({ sagaId }: Requests['abortSaga']) {
    await this.requireSagas().abort(sagaId, this.recorded('saga.aborted', sagaId));
    return {};
  }

  async matchSagas({ filter, action, limit }: Requests['matchSagas']) {
    const wanted = SagaActionName.parse(action);
    const found = await this.sagas?.match(wanted, sagaFilterOf(filter ?? {}), limit);
    return { matching: found?.matching ?? 0, sagaIds: found?.ids ?? [] };
  }

  async retrySagas({ sagaIds }: Requests['retrySagas']) {
    return { done: await this.actOnAll('retry', 'saga.retried', sagaIds) };
  }

  async abortSagas({ sagaIds }: Requests['abortSagas']) {
    return { done: await this.actOnAll('abort', 'saga.aborted', sagaIds) };
  }

  async matchDeadLetters({ filter, action, limit }: Requests['matchDeadLetters']) {
    const found = await this.deadLetters.match(DeadLetterActionName.parse(action), filter ?? {}, limit);
    return { matching: found.matching, deadLetterIds: found.ids };
  }

  async replayDeadLetters({ deadLetterIds }: Requests['replayDeadLetters']) {
    const failedIds: string[] = [];
    const done = await each(deadLetterIds, async (deadLetterId) => {
      try {
        await this.replayDeadLetter({ deadLetterId });
      } catch (error) {
        if (!hasCode(error, 'dead_letter_failed_again')) throw error;
        failedIds.push(deadLetterId);
        return false;
      }
      return true;
    });
    return { done, failedIds };
  }

  async discardDeadLetters({ deadLetterIds }: Requests['discardDeadLetters']) {
    const done = await each(deadLetterIds, async (deadLetterId) => {
      await this.discardDeadLetter({ deadLetterId });
      return true;
    });
    return { done };
  }

  async listDeadLetters({ limit, cursor, oldestFirst, filter }: Requests['listDeadLetters']) {
    const size = pageSize(limit);
    const records = await this.deadLetters.search({ limit: size + 1, cursor, oldestFirst }, filter ?? {});
    const deadLetters = records.slice(0, size).map((record) => this.toDeadLetter(record));
    return { deadLetters, nextCursor: records.length > size ? deadLetters.at(-1)?.id : undefined };
  }

  async getDeadLetter({ deadLetterId }: Requests['getDeadLetter']) {
    return { deadLetter: this.toDeadLetter(await this.deadLetters.get(deadLetterId)) };
  }

  async replayDeadLetter({ deadLetterId }: Requests['replayDeadLetter']) {
    await this.inbox.replay(deadLetterId, this.recorded('dead_letter.replayed', deadLetterId));
    return {};
  }

  async discardDeadLetter({ deadLetterId }: Requests['discardDeadLetter']) {
    await this.deadLetters.discard(deadLetterId, this.recorded('dead_letter.discarded', deadLetterId));
    return {};
  }

  async listAuditEvents({ limit, cursor, oldestFirst, ...filter }: Requests['listAuditEvents']) {
    const size = pageSize(limit);
    const records = await this.audit.search({ limit: size + 1, cursor, oldestFirst }, filter);
    const events = records.slice(0, size).map((record) => this.toAuditEvent(record));
    return { events, nextCursor: records.length > size ? events.at(-1)?.id : undefined };
  }

  async recordRefusal({ route, reason, omitted }: Requests['recordRefusal']) {
    const details = omitted > 0 ? { omitted } : { reason };
    await this.audit.record(undefined, {
      action: 'access.refused',
      subject: route,
      outcome: 'refused',
      details,
    });
    return {};
  }

  async recordTopologyChange({ what }: Requests['recordTopologyChange']) {
    await this.audit.record(undefined, { action: 'topology.changed', subject: what });
    return {};
  }

  private async actOnAll(action: SagaAction, recorded: AuditAction, ids: readonly string[]): Promise<number> {
    const record = (transaction: Transaction, changed: readonly string[]) =>
      this.audit.recordAll(transaction, recorded, changed);
    return (await this.sagas?.actOnAll(action, ids, record)) ?? 0;
  }

  private recorded(action: AuditAction, subject: string): (transaction: Transaction) => Promise<void> {
    return (transaction) => this.audit.record(transaction, { action, subject });
  }

  private requireSagas(): Sagas {
    if (!this.sagas) throw ContextError.of('saga_not_found');
    return this.sagas;
  }

  private toSummary({ failure, origin, ...saga }: SagaRecord): SagaSummary {
    const { id, name, subject, status, createdAt, updatedAt } = saga;
    const error = failure ? `${failure.step}: ${failure.code}` : undefined;
    const traceId = traceIdIn(origin?.traceparent);
    return {
      id,
      name,
      context: this.database.context,
      status,
      subject,
      createdAt,
      updatedAt,
      error,
      traceId,
    };
  }

  private toAuditEvent({
    userId,
    requestId,
    clientRequestId,
    source,
    details,
    ...record
  }: AuditRecord): AuditEvent {
    return {
      ...record,
      context: this.database.context,
      userId: userId ?? undefined,
      requestId: requestId ?? undefined,
      clientRequestId: clientRequestId ?? undefined,
      source: source ?? undefined,
      details: JSON.stringify(details),
    };
  }

  private toDeadLetter({
    id,
    eventId,
    type,
    envelope,
    consumer,
    reason,
    createdAt,
  }: DeadLetterRecord): DeadLetter {
    return {
      id,
      context: this.database.context,
      eventId,
      type,
      reason: `${consumer}: ${reason}`,
      createdAt,
      envelope: JSON.stringify(envelope),
    };
  }
}

function sagaFilterOf({ status, ...filter }: Partial<SagaFilterMessage>): SagaFilter {
  return { ...filter, status: status === undefined ? undefined : Status.parse(status) };
}

/** @returns for how many it was done; those that are gone are left out */
async function each(ids: readonly string[], act: (id: string) => Promise<boolean>): Promise<number> {
  let done = 0;
  for (const id of ids) {
    try {
      if (await act(id)) done += 1;
    } catch (error) {
      if (!hasCode(error, 'dead_letter_not_found')) throw error;
    }
  }
  return done;
}

function toStep(saga: SagaRecord, entry: TimelineEntry): SagaStep {
  const { name, kind, attempt, status, startedAt, endedAt, error } = entry;
  return {
    ...stepValues(saga, entry),
    name,
    kind,
    attempt,
    status,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? undefined : new Date(endedAt),
    error: error ?? undefined,
    errorMessage: isDecisive(saga, entry) ? shownMessage(saga.failure?.message ?? '') : undefined,
  };
}

/** Whether the saga compensates for what this attempt failed with. */
function isDecisive({ failure, timeline }: SagaRecord, entry: TimelineEntry): boolean {
  const last = timeline.findLast(({ name, kind, status }) => {
    return name === failure?.step && kind === 'do' && status === 'failed';
  });
  return entry === last;
}

function pageSize(limit: number): number {
  return Math.min(Math.max(limit, 1), MAX_LIMIT);
}
