import { Logger } from '@nestjs/common';
import type { Admin } from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import { isAnswer, isUnsupported, reasonOf } from './kafka-errors.js';
import { KafkaNames } from './kafka-names.js';

/**
 * How many instances of a context can share its events. The partition of a key depends on this number, so the order
 * of a key holds as long as the number is not changed.
 */
const PARTITIONS = 12;
const KEEP_MS = 7 * 24 * 3_600_000;
const MOST_REPLICAS = 3;
/** A topic that was just created has no leaders yet. */
const READY_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 100;

/** The topic of an application. */
export class KafkaTopic extends KafkaNames {
  private readonly logger = new Logger('EventBus');

  /**
   * Creates the topic when it is missing. An existing topic is left unchanged: the operator decides on partitions,
   * replicas and retention.
   */
  async declare(admin: Admin): Promise<void> {
    if (await this.isReady(admin)) return;
    await this.create(admin);
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.isReady(admin))) {
      if (Date.now() > giveUpAt) throw new Error(`the topic ${this.name} is missing, or has no leader`);
      await pause(POLL_EVERY_MS);
    }
  }

  private async create(admin: Admin): Promise<void> {
    const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
    const replicas = Math.min(MOST_REPLICAS, brokers.size);
    try {
      await admin.createTopics({
        topics: [this.name],
        partitions: PARTITIONS,
        replicas,
        configs: [
          { name: 'retention.ms', value: String(KEEP_MS) },
          // An acknowledged event survives the loss of one broker, and publishing continues without that broker.
          { name: 'min.insync.replicas', value: String(Math.max(1, replicas - 1)) },
        ],
      });
    } catch (error) {
      if (isAnswer(error, 'TOPIC_ALREADY_EXISTS')) return;
      if (!isUnsupported(error)) {
        throw new Error(`the topic ${this.name} cannot be created: ${reasonOf(error)}`, { cause: error });
      }
      await this.letItBeMade(admin);
    }
  }

  /** Some servers with Kafka's protocol create topics only when their metadata are requested. */
  private async letItBeMade(admin: Admin): Promise<void> {
    await admin.metadata({ topics: [this.name], autocreateTopics: true, forceUpdate: true });
    this.logger.warn(
      `kafka does not create topics on request: partitions, replicas and retention of ${this.name} are its defaults`,
    );
  }

  private async isReady(admin: Admin): Promise<boolean> {
    try {
      const { topics } = await admin.metadata({ topics: [this.name], forceUpdate: true, retries: 0 });
      const partitions = topics.get(this.name)?.partitions ?? [];
      return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
    } catch (error) {
      if (isAnswer(error, 'LEADER_NOT_AVAILABLE') || reasonOf(error).startsWith('Unknown topic'))
        return false;
      throw error;
    }
  }
}
