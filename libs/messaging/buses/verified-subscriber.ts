import type { EventEnvelope } from '@fissile/kit/contract';
import type { Subscriber } from './event-bus.js';
import type { EventSignatures } from './event-signatures.js';

/** Hands a subscriber what a broker carries, as far as its signature is good. */
export class VerifiedSubscriber implements Subscriber {
  readonly context: Subscriber['context'];
  readonly deadLetterMessage?: NonNullable<Subscriber['deadLetterMessage']>;

  constructor(
    private readonly inner: Subscriber,
    private readonly signatures: EventSignatures,
  ) {
    this.context = inner.context;
    const deadLetter = inner.deadLetterMessage?.bind(inner);
    if (deadLetter)
      this.deadLetterMessage = async (message, reason) => {
        if (!(await this.refused(message))) await deadLetter(message, reason);
      };
  }

  handledEventNames(): readonly string[] {
    return this.inner.handledEventNames();
  }

  deliver(envelope: EventEnvelope): Promise<void> {
    return this.inner.deliver(envelope);
  }

  async receive(message: string, sentAs?: string): Promise<void> {
    if (!(await this.refused(message, sentAs))) await this.inner.receive(message);
  }

  /** It is kept for an operator to look at, and cannot be replayed. */
  private async refused(message: string, sentAs?: string): Promise<boolean> {
    const reason = this.signatures.refusalOf(message, sentAs);
    if (reason === undefined) return false;
    this.signatures.report(reason, message);
    await this.inner.refuse?.(message, `No process of the product can be shown to have sent it: ${reason}`);
    return true;
  }
}
