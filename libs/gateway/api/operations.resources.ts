import { z } from 'zod';
import type { AuditEvent, DeadLetter, FoundUser, GetSagaResponse, SagaSummary } from '@fissile/kit/contract';
import { Id, pageOf } from '@fissile/kit/http';

const time = z.iso.datetime();

export const MissingContexts = z
  .array(
    z
      .object({ context: z.string(), reason: z.string().meta({ example: 'unavailable' }) })
      .meta({ id: 'MissingContext' }),
  )
  .meta({ description: 'The contexts that did not answer, whose items are not in this list' });

/** A page that may lack the items of some contexts. */
export function operatorPageOf<T extends z.ZodType>(item: T) {
  return pageOf(item).extend({ missing: MissingContexts });
}

export const SagaResource = z
  .object({
    id: Id,
    name: z.string(),
    context: z.string(),
    status: z.string(),
    subject: z.string().meta({ description: 'The id of what it is about, such as an invoice' }),
    createdAt: time,
    updatedAt: time,
    error: z.string().nullable(),
    traceId: z.string().nullable().meta({ description: 'Of the request that began it' }),
  })
  .meta({ id: 'Saga' });

export const SagaPage = operatorPageOf(SagaResource);

export const SagaDetails = z
  .object({
    ...SagaResource.shape,
    steps: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        attempt: z.int(),
        status: z.string(),
        startedAt: time,
        endedAt: time.nullable(),
        error: z.string().nullable(),
        errorMessage: z
          .string()
          .nullable()
          .meta({ description: 'Of the failure for which the saga takes back what it did' }),
        input: z.string().nullable().meta({
          description:
            'What it found in the data of the saga, as JSON without what is personal, cut where it is long',
        }),
        output: z.string().nullable().meta({ description: 'What it added to that' }),
      }),
    ),
  })
  .meta({ id: 'SagaDetails' });

export const DeadLetterResource = z
  .object({
    id: Id,
    context: z.string(),
    eventId: Id,
    type: z.string(),
    reason: z.string(),
    createdAt: time,
    event: z
      .record(z.string(), z.unknown())
      .meta({ description: 'The CloudEvents envelope, or what came instead of one' }),
  })
  .meta({ id: 'DeadLetter' });

export const AuditEventResource = z
  .object({
    id: Id,
    context: z.string(),
    at: time,
    userId: Id.nullable().meta({ description: 'Who did it; null without a signed-in user' }),
    userEmail: z
      .string()
      .nullable()
      .meta({ description: 'The address of their account; null when there is none, or it does not answer' }),
    requestId: z.string().nullable().meta({ description: 'To find the logs and traces of the request' }),
    clientRequestId: z.string().nullable().meta({ description: 'The id that the client gave the request' }),
    source: z
      .string()
      .nullable()
      .meta({ description: 'The address of the client; null for what no request caused' }),
    action: z.string().meta({ example: 'saga.retried' }),
    subject: z.string().meta({ description: 'The id of what it was done to' }),
    outcome: z.string().meta({ example: 'done' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });

export function toSagaResource(saga: SagaSummary): z.output<typeof SagaResource> {
  const { id, name, context, status, subject, createdAt, updatedAt, error, traceId } = saga;
  return {
    id,
    name,
    context,
    status,
    subject,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    error: error ?? null,
    traceId: traceId ?? null,
  };
}

export function toSagaDetails({ saga, steps }: GetSagaResponse): z.output<typeof SagaDetails> {
  if (!saga) throw new Error('the response has no saga');
  return {
    ...toSagaResource(saga),
    steps: steps.map(({ startedAt, endedAt, error, errorMessage, input, output, ...step }) => ({
      ...step,
      startedAt: iso(startedAt),
      endedAt: endedAt ? iso(endedAt) : null,
      error: error ?? null,
      errorMessage: errorMessage ?? null,
      input: input ?? null,
      output: output ?? null,
    })),
  };
}

export function toDeadLetterResource(letter: DeadLetter): z.output<typeof DeadLetterResource> {
  const { id, context, eventId, type, reason, createdAt, envelope } = letter;
  const event = JSON.parse(envelope) as Record<string, unknown>;
  return { id, context, eventId, type, reason, createdAt: iso(createdAt), event };
}

export function toAuditEventResource(
  event: AuditEvent,
  known: ReadonlyMap<string, FoundUser>,
): z.output<typeof AuditEventResource> {
  const { id, context, at, userId, requestId, clientRequestId, source, action, subject, outcome, details } =
    event;
  return {
    id,
    context,
    at: iso(at),
    userId: userId ?? null,
    userEmail: known.get(userId ?? '')?.email ?? null,
    requestId: requestId ?? null,
    clientRequestId: clientRequestId ?? null,
    source: source ?? null,
    action,
    subject,
    outcome,
    details: JSON.parse(details) as Record<string, unknown>,
  };
}

function iso(date: Date | undefined): string {
  return (date ?? new Date(0)).toISOString();
}
