import {
  type Consumer,
  type Message,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
} from '@platformatic/kafka';
import { eventNameOf } from '@fissile/kit/contract';
import type { Subscriber } from '../event-bus.js';
import { receiveUntilHandled } from '../receive-until-handled.js';
import { TasksByKey } from '../tasks-by-key.js';
import { HandledOffsets } from './handled-offsets.js';
import { reasonOf } from './kafka-errors.js';

/** The header with the type of an event, so that a context need not parse events that it does not handle. */
export const TYPE_HEADER = 'ce_type';

/** How many events of a context are handled concurrently, or wait behind another event of their key. */
const AT_ONCE = 50;
/** The client knows the leader epochs, and the broker works without them. */
const NO_EPOCH = -1;

export type TextConsumer = Consumer<string, string, string, string>;
type TextMessage = Message<string, string, string, string>;

/**
 * One generation of a member of a consumer group, from one rebalance to the next: it handles the events of its
 * assigned partitions, and commits the offsets of handled events. Each generation starts from the committed offsets,
 * so that an event which was read before and not handled is not skipped.
 */
export class KafkaGeneration {
  private readonly stopping = new AbortController();
  private readonly tasks = new TasksByKey();
  private readonly offsets = new Map<number, HandledOffsets>();
  private readonly reading: Promise<void>;
  private committing: Promise<void> | undefined;
  private mayCommit = true;
  private underWay = 0;
  private resolveRoom: () => void = () => undefined;

  constructor(
    private readonly consumer: TextConsumer,
    private readonly topic: string,
    private readonly subscriber: Subscriber,
    private readonly resolveLost: (reason: string) => void,
  ) {
    this.reading = this.read();
  }

  /** Waits for the handlers in flight, and commits what is handled. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.resolveRoom();
    await this.reading;
    await this.tasks.finish();
    await this.committing;
  }

  /** Like close, but commits nothing more: other members may own the partitions by now. */
  async abandon(): Promise<void> {
    this.mayCommit = false;
    await this.close();
  }

  private async read(): Promise<void> {
    const { signal } = this.stopping;
    try {
      const stream = await this.consumer.consume({
        topics: [this.topic],
        mode: MessagesStreamModes.COMMITTED,
        fallbackMode: MessagesStreamFallbackModes.EARLIEST,
        autocommit: false,
        highWaterMark: AT_ONCE,
      });
      const stop = () => stream.destroy();
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      for await (const message of stream) {
        if (signal.aborted) break;
        this.begin(message);
        await this.room();
      }
    } catch (error) {
      if (!signal.aborted) this.resolveLost(reasonOf(error));
    }
  }

  private begin(message: TextMessage): void {
    const offsets = this.offsetsOf(message.partition);
    offsets.begin(message.offset);
    this.underWay += 1;
    this.tasks.add(message.key ?? '', async () => {
      const isHandled = await this.handle(message);
      this.underWay -= 1;
      this.resolveRoom();
      if (!isHandled) return;
      offsets.handled(message.offset);
      this.commit();
    });
  }

  private async room(): Promise<void> {
    while (this.underWay >= AT_ONCE && !this.stopping.signal.aborted) {
      await new Promise<void>((resolve) => (this.resolveRoom = resolve));
    }
  }

  private async handle(message: TextMessage): Promise<boolean> {
    const type = message.headers.get(TYPE_HEADER);
    if (type !== undefined && !this.subscriber.handledEventNames().includes(eventNameOf(type))) return true;
    const receive = () => this.subscriber.receive(message.value ?? '');
    return receiveUntilHandled(receive, this.subscriber.context, this.stopping.signal);
  }

  /** Events that are handled during a commit are part of the next one. */
  private commit(): void {
    if (this.committing || this.toCommit().length === 0) return;
    this.committing = this.commitAll();
  }

  private async commitAll(): Promise<void> {
    try {
      for (let next = this.toCommit(); this.mayCommit && next.length > 0; next = this.toCommit()) {
        await this.consumer.commit({ offsets: next });
        for (const { partition, offset } of next) this.offsetsOf(partition).committed(offset);
      }
    } catch (error) {
      if (this.mayCommit) this.resolveLost(reasonOf(error));
      this.mayCommit = false;
    } finally {
      this.committing = undefined;
    }
  }

  private toCommit() {
    return [...this.offsets].flatMap(([partition, { toCommit }]) =>
      toCommit === undefined
        ? []
        : [{ topic: this.topic, partition, offset: toCommit, leaderEpoch: NO_EPOCH }],
    );
  }

  private offsetsOf(partition: number): HandledOffsets {
    const offsets = this.offsets.get(partition) ?? new HandledOffsets();
    this.offsets.set(partition, offsets);
    return offsets;
  }
}
