import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { messageWithTls } from '@fissile/kit/config';
import type { ContextName, EventEnvelope } from '@fissile/kit/contract';
import { backoff, withTimeout } from '@fissile/kit/async';
import type { Broker, BrokerSession } from './broker.js';
import { EventBus, type Subscriber } from './event-bus.js';
import type { EventSignatures } from './event-signatures.js';
import { VerifiedSubscriber } from './verified-subscriber.js';
import type { LocalEventBus } from './local-event-bus.js';

const PUBLISH_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** After a connection that lasted this long, reconnect at once. */
const LASTING_MS = 10_000;

export interface BrokerBusOptions {
  /** Without them, events are neither signed nor verified. */
  readonly signatures?: EventSignatures | undefined;
  /** Whether events of the broker for a context are received here now; without it all are. */
  readonly isHosted?: (context: ContextName) => boolean;
}

/**
 * The bus over a broker. It connects in the background, and reconnects whenever the connection is lost; meanwhile
 * events stay in the outbox.
 */
export class BrokerEventBus extends EventBus implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('EventBus');
  private readonly subscribers: Subscriber[] = [];
  private readonly closing = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private session: BrokerSession | undefined;
  /** Whom the session receives for. */
  private receiving: readonly Subscriber[] = [];
  private connecting: Promise<void> | undefined;

  /**
   * @param local receives what other processes deliver directly, as they do while a deployment switches to a broker
   *   one process at a time
   */
  constructor(
    private readonly broker: Broker,
    private readonly local: LocalEventBus,
    private readonly options: BrokerBusOptions = {},
  ) {
    super();
  }

  get system(): string {
    return this.broker.name;
  }

  get isConnected(): boolean {
    return this.session !== undefined;
  }

  subscribe(subscriber: Subscriber): void {
    const { signatures } = this.options;
    this.subscribers.push(signatures ? new VerifiedSubscriber(subscriber, signatures) : subscriber);
    this.local.subscribe(subscriber);
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    if (!this.session) throw new Error(`${this.broker.name} is not connected`);
    const confirmed = this.session.publish(this.options.signatures?.sign(envelope) ?? envelope);
    await withTimeout(confirmed, PUBLISH_TIMEOUT_MS, `${this.broker.name} has not confirmed it in time`);
  }

  onApplicationBootstrap(): void {
    this.connecting ??= this.stayConnected();
  }

  /** Receives for the contexts that are hosted here now: a session's subscribers never change, so another one begins. */
  followPlacement(): void {
    const hosted = this.hostedSubscribers();
    const isSame =
      hosted.length === this.receiving.length && hosted.every((one) => this.receiving.includes(one));
    if (!isSame) this.closeSession();
  }

  private hostedSubscribers(): Subscriber[] {
    const { isHosted = () => true } = this.options;
    return this.subscribers.filter(({ context }) => isHosted(context));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.closeSession();
    await this.connecting;
    await Promise.all(this.closing);
  }

  private async stayConnected(): Promise<void> {
    let shortLived = 0;
    while (!this.stopping.signal.aborted) {
      const session = await this.connect();
      if (!session) return;
      this.session = session;
      this.followPlacement();
      const openedAt = Date.now();
      const reason = await session.lost;
      if (this.stopping.signal.aborted) return;
      // It was closed for another one.
      if (this.session !== session) continue;
      this.logger.warn(
        `${this.broker.name} is disconnected, and events wait in the outbox until it is back: ${reason}`,
      );
      this.closeSession();
      shortLived = Date.now() - openedAt < LASTING_MS ? shortLived + 1 : 0;
      if (shortLived > 1) await this.pauseAfter(shortLived - 1);
    }
  }

  /** Resolves with undefined when the process stops first. */
  private async connect(): Promise<BrokerSession | undefined> {
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        this.receiving = this.hostedSubscribers();
        const session = await this.broker.open(this.receiving);
        if (signal.aborted) return await session.close().then(() => undefined);
        this.logger.log(`${this.broker.name} is connected`);
        return session;
      } catch (error) {
        this.logFailure(attempt, error);
      }
      await this.pauseAfter(attempt);
    }
    return undefined;
  }

  private async pauseAfter(failures: number): Promise<void> {
    const pauseMs = backoff(failures, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
    await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Log only the first failure as a warning; the others are the same. */
  private logFailure(attempt: number, error: unknown): void {
    const line = `${this.broker.name} cannot be used yet: ${messageWithTls(this.broker.name.toUpperCase(), error)}`;
    if (attempt === 0) this.logger.warn(`${line}; retrying until it can`);
    else this.logger.debug(line);
  }

  /** Handlers in flight may take their time; nothing else waits for them. */
  private closeSession(): void {
    if (!this.session) return;
    const closed = this.session.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
    this.session = undefined;
  }
}
