import { isDeepStrictEqual } from 'node:util';
import type { Component } from '@fissile/kit/contract';
import type { Instance } from './endpoint.js';

export const DISCOVERY_SOURCES = ['static', 'dns', 'consul'] as const;

export type DiscoverySource = (typeof DISCOVERY_SOURCES)[number];

const NONE: readonly Instance[] = [];

/**
 * The instances of each context, and of the gateway, as far as this process knows. A source of instances tells it what it
 * finds. When the source is lost or has none to tell, those that were known last are kept: they are a better guess than
 * that nobody is there.
 */
export class Discovery {
  private readonly known = new Map<Component, readonly Instance[]>();
  private readonly kept = new Set<Component>();
  private readonly lost = new Set<Component>();
  private readonly listeners: ((host: Component) => void)[] = [];

  /** @param ownId the id of this process among the instances; undefined where the source cannot tell */
  constructor(
    readonly source: DiscoverySource,
    private readonly ownId: string | undefined,
  ) {}

  instancesOf(host: Component): readonly Instance[] {
    return this.known.get(host) ?? NONE;
  }

  /** The instances other than this process. */
  othersOf(host: Component): readonly Instance[] {
    return this.instancesOf(host).filter(({ id }) => id !== this.ownId);
  }

  /** Every instance that is known, once. */
  all(): readonly Instance[] {
    const byId = [...this.known.values()].flat().map((instance) => [instance.id, instance] as const);
    return [...new Map(byId).values()];
  }

  /** Whether the source has nothing to tell now, so that what it told last is used. */
  isKept(host: Component): boolean {
    return this.kept.has(host);
  }

  /** Whether the source answered when it was last asked. */
  get registryIsUp(): boolean {
    return this.lost.size === 0;
  }

  /** The listener is called after the instances of a host have changed. */
  onChange(listener: (host: Component) => void): void {
    this.listeners.push(listener);
  }

  /** Called by the source: these are the instances now. None at all is not believed. */
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

  /** Called by the source: it cannot be asked. */
  cannotAsk(host: Component): void {
    this.lost.add(host);
    this.kept.add(host);
  }
}
