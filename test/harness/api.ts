import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ADMIN, type Shop } from './shop.js';
import { until } from '@fissile/kit/testing';

export interface Answer<Body = Record<string, never>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The body of a response. The tests themselves check its content, field by field. */
export type Json = any;

/** The public API as a plain client sees it. */
export class Api {
  constructor(private readonly shop: Pick<Shop, 'url'>) {}

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer<Json>> {
    const hasBody = options.body !== undefined;
    const response = await fetch(`${this.shop.url}${path}`, {
      method,
      headers: {
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(options.token && { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(hasBody && {
        body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
      }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  }

  get(path: string, token?: string): Promise<Answer<Json>> {
    return this.call('GET', path, { token });
  }

  post(path: string, body: unknown, token?: string, headers?: Record<string, string>): Promise<Answer<Json>> {
    return this.call('POST', path, { body, token, ...(headers && { headers }) });
  }

  async login(email: string, password: string): Promise<string> {
    const { status, body } = await this.post('/api/auth/login', { email, password });
    assert.equal(status, 200, JSON.stringify(body));
    return body.accessToken;
  }

  admin(): Promise<string> {
    return this.login(ADMIN.email, ADMIN.password);
  }

  /** A new customer, logged in. */
  async customer(): Promise<Customer> {
    const email = `${randomUUID()}@customers.example`;
    const password = `the-password-of-${randomUUID()}`;
    const { status, body } = await this.post('/api/users', { email, password, name: 'A Customer' });
    assert.equal(status, 201, JSON.stringify(body));
    return { id: body.id, email, password, token: await this.login(email, password) };
  }

  /** A new product with this much stock. */
  async product(
    adminToken: string,
    options: { stock: number; priceMinor?: number; currency?: string },
  ): Promise<string> {
    const price = { amountMinor: options.priceMinor ?? 1_000, currency: options.currency ?? 'USD' };
    const sku = `T-${randomUUID()}`;
    const created = await this.post('/api/products', { sku, name: `Product ${sku}`, price }, adminToken);
    assert.equal(created.status, 201, JSON.stringify(created.body));
    const { id } = created.body;
    const stocked = await this.call('PUT', `/api/inventory/${id}`, {
      body: { onHand: options.stock },
      token: adminToken,
    });
    assert.equal(stocked.status, 200, JSON.stringify(stocked.body));
    return id;
  }

  placeOrder(
    token: string,
    items: readonly { productId: string; quantity: number }[],
    options: { method?: string; key?: string; currency?: string } = {},
  ): Promise<Answer<Json>> {
    const { method = 'pm_card_ok', key, currency } = options;
    const headers = key === undefined ? undefined : { 'idempotency-key': key };
    return this.post(
      '/api/orders',
      { items, payment: { method }, ...(currency && { currency }) },
      token,
      headers,
    );
  }

  /** Waits until the order no longer changes. */
  orderAtRest(id: string, token: string): Promise<Json> {
    return until(`order ${id} is at rest`, async () => {
      const { body } = await this.get(`/api/orders/${id}`, token);
      return ['confirmed', 'cancelled', 'shipped', 'returned'].includes(body.status) ? body : undefined;
    });
  }
}

export interface Customer {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}
