import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { createHash } from 'node:crypto';
import type { ContextName } from '@fissile/kit/contract';

/** A consumer handles one event at a time, so this is how many keys a context handles concurrently. */
export const PARTITIONS = 8;
/** A handler that takes longer reports that it is still in progress. */
export const ACK_WAIT_MS = 30_000;
const KEEP_MS = 7 * 24 * 3_600_000;
const DUPLICATE_WINDOW_MS = 2 * 60_000;

/** The stream of an application: its name, and the partition and type in its subjects. */
export class NatsStream {
  constructor(private readonly prefix: string) {}

  get name(): string {
    return `${this.prefix}-events`;
  }

  /** All events of a key are in one partition, so the number of partitions must never change. */
  subjectOf(key: string, type: string): string {
    const partition = createHash('sha256').update(key).digest().readUInt32BE() % PARTITIONS;
    return `${this.subjectsOf(partition)}.${type}`;
  }

  typeOf(subject: string): string {
    return subject.split('.').slice(3).join('.');
  }

  consumerOf(context: ContextName, partition: number): string {
    return `${context}-${partition}`;
  }

  /** Leaves an existing stream unchanged: the operator decides on replicas and limits. */
  async declare(manager: JetStreamManager): Promise<void> {
    try {
      await manager.streams.info(this.name);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await manager.streams.add({
        name: this.name,
        subjects: [`${this.prefix}.events.>`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        max_age: nanos(KEEP_MS),
        duplicate_window: nanos(DUPLICATE_WINDOW_MS),
      });
    }
  }

  /**
   * All instances of the context together have at most one unacknowledged event per partition; this keeps the order.
   */
  async declareConsumer(manager: JetStreamManager, context: ContextName, partition: number): Promise<void> {
    await manager.consumers.add(this.name, {
      durable_name: this.consumerOf(context, partition),
      filter_subject: `${this.subjectsOf(partition)}.>`,
      deliver_policy: DeliverPolicy.All,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: 1,
      max_deliver: -1,
    });
  }

  private subjectsOf(partition: number): string {
    return `${this.prefix}.events.${partition}`;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
}
