import { type Consumer, JetStreamError, type JsMsg } from '@nats-io/jetstream';
import { eventNameOf } from '@fissile/kit/contract';
import type { Subscriber } from '../event-bus.js';
import { receiveUntilHandled } from '../receive-until-handled.js';
import { ACK_WAIT_MS, type NatsStream } from './nats-stream.js';

/**
 * How long a request for an event stays open. A stop waits for its end: an event that is sent to an abandoned request
 * would be missing until its acknowledgement times out.
 */
const REQUEST_MS = 1_000;
/** The longest while answers are late: the client gives up a request that is silent for as long as it is open. */
const LONGEST_REQUEST_MS = 8_000;

/** What it asks of a consumer in JetStream. */
export type Source = Pick<Consumer, 'next' | 'info'>;

/** Consumes the events of one partition for a context, one after the other. */
export class NatsConsumer {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private requestMs = REQUEST_MS;

  constructor(
    private readonly consumer: Source,
    private readonly stream: Pick<NatsStream, 'typeOf'>,
    private readonly subscriber: Subscriber,
    private readonly resolveLost: (reason: string) => void,
  ) {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopping.signal.aborted) {
        const message = await this.next();
        if (message) await this.handle(message);
      }
    } catch (error) {
      this.resolveLost(error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * A silent request may only be late, because the broker or this process is busy: then it gets more time.
   * @returns null when no event came
   * @throws Error when the consumer, its stream or the connection is gone
   */
  private async next(): Promise<JsMsg | null> {
    try {
      const message = await this.consumer.next({ expires: this.requestMs });
      this.requestMs = Math.max(REQUEST_MS, this.requestMs / 2);
      return message;
    } catch (error) {
      if (!isSilence(error)) throw error;
      await this.consumer.info();
      this.requestMs = Math.min(LONGEST_REQUEST_MS, this.requestMs * 2);
      return null;
    }
  }

  private async handle(message: JsMsg): Promise<void> {
    const atWork = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    const handled = await this.receive(message).finally(() => clearInterval(atWork));
    if (handled) message.ack();
    else message.nak();
  }

  private async receive(message: JsMsg): Promise<boolean> {
    const type = this.stream.typeOf(message.subject);
    if (!this.subscriber.handledEventNames().includes(eventNameOf(type))) return true;
    const receive = () => this.subscriber.receive(message.string(), type);
    return receiveUntilHandled(receive, this.subscriber.context, this.stopping.signal);
  }
}

/** The library has no code for it. */
function isSilence(error: unknown): boolean {
  return error instanceof JetStreamError && error.message === 'heartbeats missed';
}
