import type { ContextName } from '@fissile/kit/contract';

/** The names of a product's topic, and of its contexts' consumer groups. */
export class KafkaNames {
  /** Of the topic. */
  readonly name: string;

  constructor(prefix: string) {
    this.name = `${prefix}.events`;
  }

  groupOf(context: ContextName): string {
    return `${this.name}.${context}`;
  }
}
