import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { eventNameOf } from '@fissile/kit/contract';
import type { Subscriber } from '../event-bus.js';
import { receiveUntilHandled } from '../receive-until-handled.js';
import { ACK_WAIT_MS, type NatsStream } from './nats-stream.js';

/**
 * How long a request for an event stays open. A stop waits for its end: an event that is sent to an abandoned request
 * would be missing until its acknowledgement times out.
 */
const REQUEST_MS = 1_000;

/** Consumes the events of one partition for a context, one after the other. */
export class NatsConsumer {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly consumer: Consumer,
    private readonly stream: NatsStream,
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
        const message = await this.consumer.next({ expires: REQUEST_MS });
        if (message) await this.handle(message);
      }
    } catch (error) {
      this.resolveLost(error instanceof Error ? error.message : String(error));
    }
  }

  private async handle(message: JsMsg): Promise<void> {
    const atWork = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    const handled = await this.receive(message).finally(() => clearInterval(atWork));
    if (handled) message.ack();
    else message.nak();
  }

  private async receive(message: JsMsg): Promise<boolean> {
    const eventName = eventNameOf(this.stream.typeOf(message.subject));
    if (!this.subscriber.handledEventNames().includes(eventName)) return true;
    const receive = () => this.subscriber.receive(message.string());
    return receiveUntilHandled(receive, this.subscriber.context, this.stopping.signal);
  }
}
