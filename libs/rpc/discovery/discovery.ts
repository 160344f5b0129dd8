import { isDeepStrictEqual } from 'node:util';
import type { Component } from '@fissile/kit/contract';
import type { Instance } from './endpoint.js';

export const DISCOVERY_SOURCES = ['static', 'dns', 'consul'] as const;

export type DiscoverySource = (typeof DISCOVERY_SOURCES)[number];

const NONE: readonly Instance[] = [];

/**
 * The instances of each context, and of the gateway, as far as this process knows. An instance source publishes what
 * it finds. When the source is unavailable or finds no instances, the last known ones remain in use: they are a
 * better guess than none.
 */
export class Discovery {
  private readonly known = new Map<Component, readonly Instance[]>();
  private readonly kept = new Set<Component>();
  private readonly lost = new Set<Component>();
  private readonly listeners: ((host: Component) => void)[] = [];

  /** @param ownId the id of this process among the instances; undefined where the source does not know it */
  constructor(
    readonly source: DiscoverySource,
    private readonly ownId: string | undefined,
  ) {}

  instancesOf(host: Component): readonly Instance[] {
    return this.known.get(host) ?? NONE;
  }

  /** All instances except this process. */
  othersOf(host: Component): readonly Instance[] {
    return this.instancesOf(host).filter(({ id }) => id !== this.ownId);
  }

  /** All known instances, without duplicates. */
  all(): readonly Instance[] {
    const byId = [...this.known.values()].flat().map((instance) => [instance.id, instance] as const);
    return [...new Map(byId).values()];
  }

  /** Whether the source is unavailable or finds no instances, so that the last known ones are used. */
  isKept(host: Component): boolean {
    return this.kept.has(host);
  }

  /** Whether the source responded to the last poll. */
  get registryIsUp(): boolean {
    return this.lost.size === 0;
  }

  /** Calls the listener after the instances of a host have changed. */
  onChange(listener: (host: Component) => void): void {
    this.listeners.push(listener);
  }

  /** The source reports the current instances. An empty list is ignored. */
  found(host: Component, instances: readonly Instance[]): void {
    this.lost.delete(host);
    if (instances.length === 0) {
      this.kept.add(host);
      return;
    }
    this.kept.delete(host);
    const sorted = [...instances].sort((one, other) => (one.id < other.id ? -1 : 1));
    if (isDeepStrictEqual(sorted, this.known.get(host))) return;
    this.known.set(host, sorted);
    for (const listener of this.listeners) listener(host);
  }

  /** The source reports that it is unavailable. */
  sourceUnavailable(host: Component): void {
    this.lost.add(host);
    this.kept.add(host);
  }
}
