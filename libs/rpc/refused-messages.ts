import { Logger } from '@nestjs/common';

export const MESSAGE_KINDS = ['event', 'call', 'answer'] as const;
export const REFUSAL_REASONS = ['forged', 'unsigned'] as const;

export type MessageKind = (typeof MESSAGE_KINDS)[number];
/** `forged`: by somebody without the secret of the product, or changed on the way; `unsigned`: nobody has signed it. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

const AGAIN_AFTER_MS = 60_000;

/** The messages of a broker that this process did not take, since no process of the product can be shown to have sent them. */
export class RefusedMessages {
  private readonly logger = new Logger('BrokerTrust');
  private readonly counts = new Map<string, number>();
  private readonly loggedAt = new Map<string, number>();

  /**
   * Logs the first one of its kind, and the first after a minute.
   * @param what of the message helps to find its sender
   */
  add(kind: MessageKind, reason: RefusalReason, what: string): void {
    const key = `${kind} ${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    const last = this.loggedAt.get(key);
    if (last !== undefined && performance.now() - last < AGAIN_AFTER_MS) return;
    this.loggedAt.set(key, performance.now());
    this.logger.error(`A message of the broker was refused: ${kind}, ${reason}: ${what}`);
  }

  countOf(kind: MessageKind, reason: RefusalReason): number {
    return this.counts.get(`${kind} ${reason}`) ?? 0;
  }
}
