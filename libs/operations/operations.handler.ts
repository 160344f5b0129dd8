import { Injectable, Optional } from '@nestjs/common';
import { z } from 'zod';
import { AuditLog, type AuditRecord } from './audit/audit-log.js';
import {
  type AuditAction,
  ContextError,
  type Implementation,
  type AuditEvent,
  type DeadLetter,
  type Operations,
  type SagaStep,
  type SagaSummary,
} from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { type DeadLetterRecord, DeadLetters, Inbox } from '@fissile/kit/messaging';
import { type SagaRecord, Sagas, type SagaStatus, type TimelineEntry } from '@fissile/kit/saga';

type Requests = {
  [M in keyof Implementation<typeof Operations>]: Parameters<Implementation<typeof Operations>[M]>[0];
};

const MAX_LIMIT = 100;
const Status = z.enum(['running', 'compensating', 'completed', 'compensated'] satisfies SagaStatus[]);

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

  async listSagas({ limit, cursor, status }: Requests['listSagas']) {
    const size = pageSize(limit);
    const wanted = status === undefined ? undefined : Status.parse(status);
    const records = (await this.sagas?.list(size + 1, cursor, wanted)) ?? [];
    const sagas = records.slice(0, size).map((saga) => this.toSummary(saga));
    return { sagas, nextCursor: records.length > size ? sagas.at(-1)?.id : undefined };
  }

  async getSaga({ sagaId }: Requests['getSaga']) {
    const saga = await this.requireSagas().get(sagaId);
    return { saga: this.toSummary(saga), steps: saga.timeline.map(toStep) };
  }

  async retrySaga({ sagaId }: Requests['retrySaga']) {
    await this.requireSagas().retry(sagaId, this.recorded('saga.retried', sagaId));
    return {};
  }

  async abortSaga({ sagaId }: Requests['abortSaga']) {
    await this.requireSagas().abort(sagaId, this.recorded('saga.aborted', sagaId));
    return {};
  }

  async listDeadLetters({ limit, cursor }: Requests['listDeadLetters']) {
    const size = pageSize(limit);
    const records = await this.deadLetters.list(size + 1, cursor);
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

  async listAuditEvents({ limit, cursor, action }: Requests['listAuditEvents']) {
    const size = pageSize(limit);
    const records = await this.audit.list(size + 1, cursor, action);
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

  private recorded(action: AuditAction, subject: string): (transaction: Transaction) => Promise<void> {
    return (transaction) => this.audit.record(transaction, { action, subject });
  }

  private requireSagas(): Sagas {
    if (!this.sagas) throw ContextError.of('saga_not_found');
    return this.sagas;
  }

  private toSummary({ id, name, subject, status, failure, createdAt, updatedAt }: SagaRecord): SagaSummary {
    const error = failure ? `${failure.step}: ${failure.code}` : undefined;
    return { id, name, context: this.database.context, status, subject, createdAt, updatedAt, error };
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

function toStep({ name, kind, attempt, status, startedAt, endedAt, error }: TimelineEntry): SagaStep {
  return {
    name,
    kind,
    attempt,
    status,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? undefined : new Date(endedAt),
    error: error ?? undefined,
  };
}

function pageSize(limit: number): number {
  return Math.min(Math.max(limit, 1), MAX_LIMIT);
}
