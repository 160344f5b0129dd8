import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { until } from '@fissile/kit/testing';

const CLIENTS = 32;

/** Clients that keep their connections alive and send one request after the other, all of which may be sent again. */
export class KeepAliveClients {
  private readonly failures: string[] = [];
  private readonly clients: Promise<unknown>;
  private going = true;
  /** The clients that have had an answer, and so a connection. */
  private readonly connected = new Set<Client>();

  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.sendRepeatedly()));
  }

  /** @param token of a customer */
  static async start(url: string, token: string): Promise<KeepAliveClients> {
    const clients = new KeepAliveClients(url, token);
    await until('all clients are connected', () => clients.connected.size === CLIENTS).catch(
      async (error: unknown) => {
        await clients.end();
        throw error;
      },
    );
    return clients;
  }

  /** @throws Error that lists the requests whose connection was cut, or that were answered with another error than "try again" */
  async end(): Promise<void> {
    this.going = false;
    await this.clients;
    if (this.failures.length > 0) {
      throw new Error(`${this.failures.length} requests failed: ${[...new Set(this.failures)].join(', ')}`);
    }
  }

  private async sendRepeatedly(): Promise<void> {
    const client = new Client(this.url);
    for (let sent = 0; this.going; sent += 1) {
      const status = await this.send(client, sent % 4 === 0);
      if (status === 503) await pause(20);
      else this.connected.add(client);
    }
    await client.destroy();
  }

  /** Returns 503 also where nobody listens: the client knows that its request has not begun. */
  private async send(client: Client, writes: boolean): Promise<number> {
    try {
      const { statusCode, body } = await client.request(
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
