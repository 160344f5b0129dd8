import { createHash } from 'node:crypto';
import type { ContextName } from '@fissile/kit/contract';

/** A consumer handles one event at a time, so this is how many keys a context handles concurrently. */
export const PARTITIONS = 8;

/** The names in the stream of an application: its own, those of its consumers, and the partition and type in its subjects. */
export class NatsNames {
  constructor(private readonly prefix: string) {}

  get name(): string {
    return `${this.prefix}-events`;
  }

  get allSubjects(): string {
    return `${this.prefix}.events.>`;
  }

  /** All events of a key are in one partition, so the number of partitions must never change. */
  subjectOf(key: string, type: string): string {
    return this.subject(createHash('sha256').update(key).digest().readUInt32BE() % PARTITIONS, type);
  }

  /** All events of a partition. */
  subjectsIn(partition: number): string {
    return this.subject(partition, '>');
  }

  /** All versions of an event, in whichever partition. */
  subjectsOf(eventName: string): string {
    return this.subject('*', `${eventName}.*`);
  }

  typeOf(subject: string): string {
    return subject.split('.').slice(3).join('.');
  }

  consumerOf(context: ContextName, partition: number): string {
    return `${context}-${partition}`;
  }

  private subject(partition: number | string, type: string): string {
    return `${this.prefix}.events.${partition}.${type}`;
  }
}
