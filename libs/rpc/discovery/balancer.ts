import { Injectable } from '@nestjs/common';
import { ContextError, type ContextName, type Component } from '@fissile/kit/contract';
import { Discovery } from './discovery.js';
import { DiscoverySettings } from './discovery.settings.js';
import { type EjectionRules, InstanceState } from './instance-state.js';
import type { Instance } from './endpoint.js';

/** The protocol that reaches an instance: one may fail while the other works. */
export type Protocol = 'http' | 'calls';

const PROTOCOLS: readonly Protocol[] = ['http', 'calls'];

/** The instance responded; it is unreachable or does not respond; or the error does not show which. */
export type Outcome = 'answered' | 'failed' | 'unknown';

export interface BalancedRequest<T> {
  readonly context: ContextName;
  readonly protocol: Protocol;
  /** The ids of instances that were tried before. The chosen one is added. */
  readonly tried: Set<string>;
  send(instance: Instance): Promise<T>;
  /** What a send error says about the instance. */
  outcome(error: unknown): Outcome;
}

/** A request in flight. */
interface Sent {
  readonly context: ContextName;
  readonly instance: Instance;
  readonly response: Promise<unknown>;
}

export interface InstanceView {
  readonly instance: Instance;
  readonly ejected: boolean;
  /** Requests of this process that await a response of the instance. */
  readonly inFlight: number;
}

/**
 * Chooses an instance of a context for each request: the one of two random instances with fewer requests in flight
 * from this process. That balances load nearly as well as comparing all instances, and avoids that all processes
 * choose the same one. Ejects an instance that fails repeatedly for a while, as long as another is available.
 */
@Injectable()
export class Balancer {
  private readonly states = new Map<string, InstanceState>();
  private readonly sent = new Set<Sent>();
  private readonly rules: EjectionRules;

  constructor(
    private readonly discovery: Discovery,
    { EJECT_AFTER_FAILURES, EJECT_MS }: DiscoverySettings,
  ) {
    this.rules = { afterFailures: EJECT_AFTER_FAILURES, firstMs: EJECT_MS };
    discovery.onChange(() => this.forgetThoseGone());
  }

  /** @throws ContextError unavailable when no instance is known; else any error of `send` */
  async execute<T>({ context, protocol, tried, send, outcome: outcomeOf }: BalancedRequest<T>): Promise<T> {
    const instance = this.choose(context, protocol, tried);
    tried.add(instance.id);
    const state = this.stateOf(instance, protocol);
    state.inFlight += 1;
    const response = send(instance);
    const sent = { context, instance, response };
    this.sent.add(sent);
    try {
      const answer = await response;
      state.answered();
      return answer;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === 'answered') state.answered();
      else if (outcome === 'failed') state.failed(performance.now());
      throw error;
    } finally {
      state.inFlight -= 1;
      this.sent.delete(sent);
    }
  }

  /**
   * Resolves when no instance that has left a context owes this process a response: what was sent to one just before may not have
   * reached it yet. Of an HTTP response its head counts.
   */
  async noneAwaitsThoseGone(): Promise<void> {
    const gone = [...this.sent].filter(
      ({ context, instance }) => !this.discovery.instancesOf(context).some(({ id }) => id === instance.id),
    );
    await Promise.allSettled(gone.map(({ response }) => response));
  }

  /** Whether a request that failed can be retried at another instance: the one that failed may have left meanwhile. */
  hasAnother(context: ContextName, tried: ReadonlySet<string>): boolean {
    const all = this.discovery.instancesOf(context);
    return all.length > 1 || all.some(({ id }) => !tried.has(id));
  }

  /** The state of a host's instances as this process sees it. An instance is ejected only while another is not. */
  describe(host: Component): readonly InstanceView[] {
    const now = performance.now();
    const instances = this.discovery.instancesOf(host);
    const leftOut = PROTOCOLS.map((protocol) =>
      instances.filter((one) => this.stateOf(one, protocol).isOut(now)),
    )
      .filter(({ length }) => length < instances.length)
      .flat();
    return instances.map((instance) => ({
      instance,
      ejected: leftOut.includes(instance),
      inFlight: PROTOCOLS.reduce((sum, protocol) => sum + this.stateOf(instance, protocol).inFlight, 0),
    }));
  }

  /** @throws ContextError unavailable when no instance is known */
  private choose(context: ContextName, protocol: Protocol, tried: ReadonlySet<string>): Instance {
    const all = this.discovery.instancesOf(context);
    if (all.length === 1) return all[0] as Instance;
    const now = performance.now();
    const isHealthy = (instance: Instance): boolean => !this.stateOf(instance, protocol).isOut(now);
    const untried = all.filter(({ id }) => !tried.has(id));
    const candidates = [untried.filter(isHealthy), untried, all.filter(isHealthy), all];
    const [one, other] = twoOf(candidates.find(({ length }) => length > 0) ?? []);
    if (!one) throw ContextError.of('unavailable', `${context} has no known instance`);
    if (!other) return one;
    return this.stateOf(one, protocol).inFlight <= this.stateOf(other, protocol).inFlight ? one : other;
  }

  private stateOf({ id }: Instance, protocol: Protocol): InstanceState {
    const key = `${protocol} ${id}`;
    const known = this.states.get(key);
    if (known) return known;
    const state = new InstanceState(this.rules);
    this.states.set(key, state);
    return state;
  }

  private forgetThoseGone(): void {
    const present = new Set(
      this.discovery.all().flatMap(({ id }) => PROTOCOLS.map((protocol) => `${protocol} ${id}`)),
    );
    for (const key of this.states.keys()) if (!present.has(key)) this.states.delete(key);
  }
}

/** Two distinct instances at random, or as many as exist. */
function twoOf(instances: readonly Instance[]): readonly (Instance | undefined)[] {
  const first = Math.floor(Math.random() * instances.length);
  const offset = 1 + Math.floor(Math.random() * (instances.length - 1));
  const second = (first + offset) % instances.length;
  return [instances[first], instances.length > 1 ? instances[second] : undefined];
}
