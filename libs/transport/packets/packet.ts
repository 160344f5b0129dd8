import { z } from 'zod';
import type { ErrorRecord } from '#libs/contracts';

/** A call as TCP, NATS, RabbitMQ and Redis carry it: JSON, with the encoded request as base64. */
export const CallPacket = z.object({
  id: z.string(),
  context: z.string(),
  service: z.string(),
  method: z.string(),
  body: z.string(),
  metadata: z.record(z.string(), z.string()),
  timeoutMs: z.number(),
});

export type CallPacket = z.infer<typeof CallPacket>;

export const CancelPacket = z.object({ id: z.string() });

/** One of the two. */
export interface AnswerPacket {
  readonly body?: string;
  readonly error?: ErrorRecord;
}

/** Names of subjects, channels and queues: one for the calls of a context, one to call them off. */
export function callPattern(prefix: string, context: string): string {
  return `${prefix}.calls.${context}`;
}

export function cancelPattern(prefix: string, context: string): string {
  return `${prefix}.cancelled-calls.${context}`;
}
