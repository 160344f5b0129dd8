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
import { setTimeout as pause } from 'node:timers/promises';
import type { ContextName } from '@fissile/kit/contract';
import { NatsNames } from './nats-names.js';

/** An event whose receiver is gone, or was given up as silent, holds up its partition for so long. A handler that takes longer says so. */
export const ACK_WAIT_MS = 10_000;
const KEEP_MS = 7 * 24 * 3_600_000;
const DUPLICATE_WINDOW_MS = 2 * 60_000;

/**
 * NATS says that a stream is gone while it still ends its consumers. Those of a stream that is made under the same name meanwhile
 * may be ended with them: they are listed, and deliver nothing (seen with 2.9).
 */
const DELETED_AFTER_MS = 1_000;

/** The stream of an application, as one process knows it. */
export class NatsStream extends NatsNames {
  /** Then somebody has deleted it when it is missing. */
  private wasThere = false;

  /** Leaves an existing stream unchanged: the operator decides on replicas and limits. */
  async declare(manager: JetStreamManager): Promise<void> {
    let isThere = await this.isThere(manager);
    if (!isThere && this.wasThere) {
      await pause(DELETED_AFTER_MS);
      // Another process may have made it.
      isThere = await this.isThere(manager);
    }
    if (!isThere) {
      await manager.streams.add({
        name: this.name,
        subjects: [this.allSubjects],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        max_age: nanos(KEEP_MS),
        duplicate_window: nanos(DUPLICATE_WINDOW_MS),
      });
    }
    this.wasThere = true;
  }

  /**
   * All instances of the context together have at most one unacknowledged event per partition; this keeps the order.
   */
  async declareConsumer(manager: JetStreamManager, context: ContextName, partition: number): Promise<void> {
    await manager.consumers.add(this.name, {
      durable_name: this.consumerOf(context, partition),
      filter_subject: this.subjectsIn(partition),
      deliver_policy: DeliverPolicy.All,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: 1,
      max_deliver: -1,
    });
  }

  private async isThere(manager: JetStreamManager): Promise<boolean> {
    try {
      await manager.streams.info(this.name);
      return true;
    } catch (error) {
      if (!isMissing(error)) throw error;
      return false;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
}
