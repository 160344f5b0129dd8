import { Injectable } from '@nestjs/common';
import { checkDefinition } from './check-definition.js';
import type { SagaDefinition } from './definition.js';

/** The sagas that this process can run for its context, each in all versions that may still be running. */
@Injectable()
export class SagaDefinitions {
  private readonly known = new Map<string, SagaDefinition<object>>();

  /** @throws Error when the definition cannot be run, or is already registered */
  add(definition: SagaDefinition<never>): void {
    checkDefinition(definition);
    const key = keyOf(definition);
    if (this.known.has(key)) throw new Error(`saga ${key} is registered twice`);
    this.known.set(key, definition as unknown as SagaDefinition<object>);
  }

  find(saga: { name: string; version: number }): SagaDefinition<object> | undefined {
    return this.known.get(keyOf(saga));
  }

  /** `name:version` of each definition. */
  get keys(): readonly string[] {
    return [...this.known.keys()];
  }

  get names(): readonly string[] {
    return [...new Set([...this.known.values()].map(({ name }) => name))];
  }
}

export function keyOf({ name, version }: { name: string; version: number }): string {
  return `${name}:${version}`;
}
