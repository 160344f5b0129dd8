import { z } from 'zod';
import type { ErrorRecord } from '@fissile/kit/contract';

/** The head of a call; its body is the encoded request. */
export const CallPacket = z.object({
  id: z.string(),
  context: z.string(),
  service: z.string(),
  method: z.string(),
  metadata: z.record(z.string(), z.string()),
  timeoutMs: z.number(),
  /** The address for responses, over a broker that does not provide it. */
  replyTo: z.string().optional(),
});

export type CallPacket = z.infer<typeof CallPacket>;

/** The head of a cancellation of a call. */
export const CancelPacket = z.object({ cancelled: z.string() });

export type CancelPacket = z.infer<typeof CancelPacket>;

/** The head of the question whether an instance works on a call; whoever does answers. */
export const AskPacket = z.object({
  asked: z.string(),
  /** As in a call. */
  replyTo: z.string().optional(),
});

export type AskPacket = z.infer<typeof AskPacket>;

/** The head of a response; without an error, its body is the encoded response message. */
export interface AnswerPacket {
  readonly id: string;
  /** Says no more than that an instance works on the call. */
  readonly underWay?: boolean;
  readonly error?: ErrorRecord;
}

/** Names of subjects, channels and queues: one for the calls of a context, one for cancellations and for questions about calls. */
export function callPattern(prefix: string, context: string): string {
  return `${prefix}.calls.${context}`;
}

export function cancelPattern(prefix: string, context: string): string {
  return `${prefix}.cancelled-calls.${context}`;
}
