import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Dispatcher } from 'undici';
import { until } from '@fissile/kit/testing';
import type { Customer } from './api.js';

interface Sent {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly expected: readonly number[];
}

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface StrictClientsOptions {
  /** Between two requests of a client, in milliseconds; none when absent, so that they load the shop as fully as they can. */
  readonly thinksMs?: number;
  /** Hears of each answer, and of each failure: when it was asked for, in milliseconds of `performance.now()`. */
  readonly onAnswer?: (askedAt: number) => void;
}

/**
 * Clients on connections that stay open, each of which sends one request after the other and repeats none: orders, reads of the
 * catalogue, and sessions that are renewed. Any answer other than the expected one is a failure, and so is none.
 */
export class StrictClients {
  readonly failures: string[] = [];
  /** The ids of the orders that were answered with success, by the customer. */
  readonly orders = new Map<Customer, string[]>();
  answered = 0;
  private going = true;
  private readonly clients: Promise<unknown>;

  constructor(
    private readonly url: string,
    customers: readonly Customer[],
    private readonly productIds: readonly string[],
    private readonly options: StrictClientsOptions = {},
  ) {
    this.clients = Promise.all(customers.map((customer, index) => this.run(customer, index)));
  }

  /** Resolves when there were so many more answers. */
  async goOn(more: number): Promise<void> {
    const from = this.answered;
    await until(`${more} more requests are answered`, () => this.answered >= from + more);
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    this.going = false;
    await this.clients;
  }

  private async run(customer: Customer, index: number): Promise<void> {
    const client = new Client(this.url);
    const { thinksMs = 0 } = this.options;
    let session = await this.signIn(client, customer);
    for (let count = index; this.going; count += 1) {
      if (count % 8 === 7) session = await this.renew(client, session);
      else if (count % 2 === 0) await this.order(client, customer, session, count);
      else await this.send(client, { method: 'GET', path: '/api/products?limit=5', expected: [200] });
      if (thinksMs > 0) await pause(thinksMs);
    }
    await client.close();
  }

  private async signIn(client: Client, { email, password }: Customer): Promise<Session> {
    const path = '/api/auth/login';
    const answer = await this.send(client, {
      method: 'POST',
      path,
      body: { email, password },
      expected: [200],
    });
    return { accessToken: '', refreshToken: '', ...answer };
  }

  private async renew(client: Client, session: Session): Promise<Session> {
    const { refreshToken } = session;
    const path = '/api/auth/refresh';
    const answer = await this.send(client, { method: 'POST', path, body: { refreshToken }, expected: [200] });
    return { ...session, ...answer };
  }

  private async order(
    client: Client,
    customer: Customer,
    { accessToken }: Session,
    count: number,
  ): Promise<void> {
    const productId = this.productIds[count % this.productIds.length] as string;
    const answer = await this.send(client, {
      method: 'POST',
      path: '/api/orders',
      headers: { authorization: `Bearer ${accessToken}`, 'idempotency-key': randomUUID() },
      body: { items: [{ productId, quantity: 1 }], payment: { method: 'pm_card_ok' } },
      // 202 is an order that is accepted, and still under way after five seconds.
      expected: [201, 202],
    });
    if (answer) this.orders.set(customer, [...(this.orders.get(customer) ?? []), answer['id'] as string]);
  }

  /** @returns the body of the expected answer */
  private async send(
    client: Client,
    { body, headers, expected, ...sent }: Sent,
  ): Promise<Record<string, unknown> | undefined> {
    const what = `${sent.method} ${sent.path}`;
    const askedAt = performance.now();
    try {
      const answer = await client.request({
        ...sent,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (expected.includes(answer.statusCode)) return JSON.parse(text) as Record<string, unknown>;
      this.failures.push(`${what}: ${answer.statusCode} ${text}`);
    } catch (error) {
      this.failures.push(`${what}: ${String((error as { code?: string }).code ?? error)}`);
    } finally {
      this.answered += 1;
      this.options.onAnswer?.(askedAt);
    }
    return undefined;
  }
}
