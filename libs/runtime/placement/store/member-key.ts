import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { BackgroundLoop } from '@fissile/kit/async';
import type { ConsulClient } from '@fissile/kit/config';

const RETRY_MS = 1_000;
const RENEWALS_PER_SESSION = 3;
/** As short as Consul takes it: what a successor writes is checked by other means. */
const LOCK_DELAY = '1ms';

const Created = z.object({ ID: z.string() });
const Held = z.tuple([z.object({ Session: z.string().optional() })]);

/**
 * A key that is in Consul for as long as this process renews its session: made again, with what it says now, when Consul has
 * lost it.
 */
export class MemberKey {
  private readonly logger = new Logger('Topology');
  private readonly loop: BackgroundLoop;
  private session: string | undefined;
  private wanted: object | undefined;
  private written: object | undefined;
  private isRefused = false;

  constructor(
    private readonly client: ConsulClient,
    private readonly key: string,
    private readonly sessionMs: number,
  ) {
    this.loop = new BackgroundLoop('session in Consul', sessionMs / RENEWALS_PER_SESSION, () => this.poll());
  }

  /** From now on the key says this. */
  say(value: object): void {
    this.wanted = value;
    this.loop.start();
    this.loop.wake();
  }

  /** Takes the key away. Never rejects: without us Consul does it when the session has not been renewed. */
  async leave(): Promise<void> {
    await this.loop.stop();
    const { session } = this;
    this.session = undefined;
    if (session !== undefined) await this.endSession(session).catch(() => undefined);
  }

  private async poll(): Promise<boolean> {
    try {
      await this.renew();
      await this.write();
      this.isRefused = false;
    } catch (error) {
      if (!this.isRefused) this.logger.warn(`Consul does not know this process: ${(error as Error).message}`);
      this.isRefused = true;
      this.loop.wakeIn(RETRY_MS);
    }
    return false;
  }

  private async renew(): Promise<void> {
    if (this.session !== undefined) {
      const { body } = await this.client.ask(`/v1/session/renew/${this.session}`, { method: 'PUT' });
      if (body !== undefined) return;
    }
    const { body } = await this.client.ask('/v1/session/create', {
      method: 'PUT',
      body: {
        Name: this.key,
        TTL: `${this.sessionMs}ms`,
        Behavior: 'delete',
        LockDelay: LOCK_DELAY,
      },
    });
    this.session = Created.parse(JSON.parse(body ?? '{}')).ID;
    this.written = undefined;
  }

  private async write(): Promise<void> {
    const { wanted } = this;
    if (wanted === undefined || wanted === this.written) return;
    const { body } = await this.client.ask(`/v1/kv/${this.key}?acquire=${this.session}`, {
      method: 'PUT',
      body: wanted,
    });
    if (body?.trim() === 'true') {
      this.written = wanted;
      return;
    }
    // Of a process that was at this address before, and has gone without a word.
    await this.endSessionOfHolder();
    this.loop.wakeIn(RETRY_MS);
  }

  private async endSessionOfHolder(): Promise<void> {
    const { body } = await this.client.ask(`/v1/kv/${this.key}`);
    const [{ Session }] = Held.parse(JSON.parse(body ?? '[{}]'));
    if (Session !== undefined && Session !== this.session) await this.endSession(Session);
  }

  private async endSession(session: string): Promise<void> {
    await this.client.ask(`/v1/session/destroy/${session}`, { method: 'PUT' });
  }
}
