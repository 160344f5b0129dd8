import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { until } from '@fissile/kit/testing';

const CLIENTS = 32;

/** Clients that keep their connections alive and send one request after the other, all of which may be sent again. */
export class KeepAliveClients {
  private readonly failures: string[] = [];
  private readonly pool: Pool;
  private readonly clients: Promise<unknown>;
  private going = true;
  private answered = 0;

  private constructor(
    url: string,
    private readonly token: string,
  ) {
    this.pool = new Pool(url, { connections: CLIENTS });
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.sendRepeatedly()));
  }

  /** @param token of a customer */
  static async start(url: string, token: string): Promise<KeepAliveClients> {
    const clients = new KeepAliveClients(url, token);
    await until('all clients are at work', () => clients.answered > CLIENTS * 2, 60_000);
    return clients;
  }

  /** @throws Error that lists the requests whose connection was cut, or that were answered with another error than "try again" */
  async end(): Promise<void> {
    this.going = false;
    await this.clients;
    await this.pool.destroy();
    if (this.failures.length > 0) {
      throw new Error(`${this.failures.length} requests failed: ${[...new Set(this.failures)].join(', ')}`);
    }
  }

  private async sendRepeatedly(): Promise<void> {
    while (this.going) {
      const status = await this.send(this.answered % 4 === 0);
      this.answered += 1;
      if (status === 503) await pause(20);
    }
  }

  /** Returns 503 also where nobody listens: the client knows that its request has not begun. */
  private async send(writes: boolean): Promise<number> {
    try {
      const { statusCode, body } = await this.pool.request(
        writes
          ? {
              method: 'POST',
              path: '/api/orders',
              headers: {
                authorization: `Bearer ${this.token}`,
                'content-type': 'application/json',
                'idempotency-key': randomUUID(),
              },
              // Refused by the context that receives it: nothing is left of it.
              body: '{"items":[]}',
            }
          : { method: 'GET', path: '/api/products' },
      );
      await body.dump();
      if (statusCode >= 500 && statusCode !== 503) this.failures.push(String(statusCode));
      return statusCode;
    } catch (error) {
      const { code = String(error) } = error as { code?: string };
      if (code !== 'ECONNREFUSED') this.failures.push(code);
      return 503;
    }
  }
}
