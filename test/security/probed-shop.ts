import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Api, type Customer, type Json } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';
import { Shop } from '../harness/shop.js';
import { StripeFake } from '../harness/stripe-fake.js';

export const INTERNAL_SECRET = 'the-internal-secret-of-the-security-probes';
export const KEY_SECRET = 'the-key-secret-of-the-security-probes';
/** A route with its own rate limit, so that emptying its bucket does not affect other probes. */
export const LIMITED_ROUTE = '/.well-known/jwks.json';
export const LIMIT_OF_ROUTE = 10;
export const FAILURES_PER_ACCOUNT = 5;
export const FAILURES_PER_ADDRESS = 15;
export const MAILS_PER_ADDRESS = 10;
export const ALLOWED_ORIGIN = 'https://shop.example';

const SETTINGS = {
  TRANSPORT: 'grpc',
  INTERNAL_AUTH_SECRET: INTERNAL_SECRET,
  AUTH_KEY_SECRET: KEY_SECRET,
  CORS_ORIGINS: ALLOWED_ORIGIN,
  REQUEST_TIMEOUT_MS: '5000',
  UNREAD_TIMEOUT_MS: '1000',
  // The trace of the order is still there after all the probes.
  RECENT_SPANS: '100000',
  THROTTLE_ENABLED: 'true',
  THROTTLE_RATE: '100000',
  THROTTLE_BURST: '1000000',
  THROTTLE_PAGES_RATE: '100000',
  THROTTLE_PAGES_BURST: '1000000',
  THROTTLE_ADMIN_RATE: '100000',
  THROTTLE_ADMIN_BURST: '1000000',
  THROTTLE_ROUTES: `GET ${LIMITED_ROUTE}=0.01/${LIMIT_OF_ROUTE}`,
  LOGIN_FAILURES_PER_ACCOUNT: String(FAILURES_PER_ACCOUNT),
  LOGIN_FAILURES_PER_ADDRESS: String(FAILURES_PER_ADDRESS),
  ACCOUNT_MAILS_PER_ADDRESS: String(MAILS_PER_ADDRESS),
  PAYMENT_PROVIDER: 'stripe',
  STRIPE_SECRET_KEY: StripeFake.SECRET_KEY,
  STRIPE_WEBHOOK_SECRET: StripeFake.WEBHOOK_SECRET,
  // Only what the webhook is told ends a payment that waits for its customer.
  PAYMENT_POLL_SECONDS: '3600',
  PAYMENT_TIMEOUT_MS: '1500',
};

export const CARD = 'pm_card_visa';
/** Its bank asks the customer. */
export const ASKING_CARD = 'pm_card_threeDSecureRequired';

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** The loopback address of the client. */
  readonly from?: string;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The text parsed as JSON; undefined when it is not JSON. */
  readonly body: Json;
}

/** A shop with two customers, of whom Alice has an order, and its environment. */
export class ProbedShop {
  private constructor(
    readonly shop: Shop,
    readonly stripe: StripeFake,
    readonly canary: Canary,
    readonly api: Api,
    readonly document: Json,
    readonly admin: string,
    readonly alice: Customer,
    readonly bob: Customer,
    readonly productId: string,
    readonly order: Json,
    readonly deadLetterId: string,
    readonly sagaId: string,
    /** Of the request that placed the order. */
    readonly traceId: string,
    /** About the order. */
    readonly mailId: string,
  ) {}

  static async start(topology: string): Promise<ProbedShop> {
    const [stripe, canary] = await Promise.all([StripeFake.start(), Canary.start()]);
    const env = { ...SETTINGS, TOPOLOGY: topology, STRIPE_API_URL: stripe.url };
    const shop = await Shop.start({ env });
    const api = new Api(shop);
    const document = (await api.get('/docs-json')).body;
    const admin = await api.admin();
    const [alice, bob] = [await api.customer(), await api.customer()];
    const productId = await api.product(admin, { stock: 1_000, priceMinor: 1_250 });
    const placed = await api.placeOrder(alice.token, [{ productId, quantity: 2 }], { method: CARD });
    const order = await api.orderAtRest(placed.body.id, alice.token);
    assert.equal(order.status, 'confirmed');
    const { body: timeline } = await api.get(`/api/orders/${order.id}/timeline`, alice.token);
    const { body: saga } = await api.get(`/api/admin/sagas/${timeline.sagaId}`, admin);
    const deadLetterId = await poisonLetter(shop, api, admin);
    return new ProbedShop(
      ...([shop, stripe, canary, api, document, admin, alice, bob, productId, order] as const),
      ...([deadLetterId, timeline.sagaId, saga.traceId, await mailAbout(order.id, api, admin)] as const),
    );
  }

  get isSplit(): boolean {
    return this.shop.topology === 'split';
  }

  /** Sends a request exactly as written: the path is not normalised, as fetch would do. */
  send({ method = 'GET', path, headers = {}, token, body, from }: Sent): Promise<Received> {
    const { hostname, port } = new URL(this.shop.url);
    const text =
      body === undefined
        ? undefined
        : Buffer.isBuffer(body) || typeof body === 'string'
          ? body
          : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          hostname,
          port,
          method,
          path,
          agent: false,
          localAddress: from,
          headers: {
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        (response) => {
          void response.toArray().then((chunks: Buffer[]) => {
            const received = Buffer.concat(chunks).toString();
            const { statusCode: status = 0, headers: answered } = response;
            resolve({ status, headers: answered, text: received, body: jsonOf(received) });
          }, reject);
        },
      );
      sent.on('error', reject).end(text);
    });
  }

  /** Sends these bytes, and returns everything received until the server closes or `isEnough`. */
  raw(bytes: string, isEnough: (text: string) => boolean = (text) => /\r\n\r\n/.test(text)): Promise<string> {
    const socket = this.open();
    return new Promise((resolve, reject) => {
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        if (isEnough(text)) socket.destroy();
      });
      socket.on('error', reject).on('close', () => resolve(text));
      socket.write(bytes, 'latin1');
    });
  }

  open(): Socket {
    const { hostname, port } = new URL(this.shop.url);
    return connect(Number(port), hostname);
  }

  /** Inserts an event into the outbox of orders, as a context with a bug would. */
  publish(type: string, data: unknown, key: string): Promise<string> {
    return publishTo(this.shop, type, data, key);
  }

  async close(): Promise<void> {
    await this.shop.close();
    await Promise.all([this.stripe.stop(), this.canary.stop()]);
  }
}

/** A server that the shop has no reason to call. */
export class Canary {
  /** The requests that it received nevertheless. */
  readonly requests: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Canary> {
    const server = createServer();
    const canary = new Canary(server);
    server.on('request', (request, response) => {
      canary.requests.push(`${request.method} ${request.url}`);
      response.end('tweet');
    });
    server.on('connect', (request, socket) => {
      canary.requests.push(`CONNECT ${request.url}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return canary;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function poisonLetter(shop: Shop, api: Api, admin: string): Promise<string> {
  const eventId = await publishTo(shop, 'orders.confirmed.v1', { orderId: 7 }, 'poison');
  return until('the poison is a dead letter', async () => {
    const { body } = await api.get('/api/admin/dead-letters', admin);
    return body.items.find((letter: Json) => letter.eventId === eventId)?.id;
  });
}

async function mailAbout(orderId: string, api: Api, admin: string): Promise<string> {
  return until('the mail about the order is written', async () => {
    const { body } = await api.get(`/api/notifications/mails?orderId=${orderId}`, admin);
    return body.items[0]?.id;
  });
}

async function publishTo(shop: Shop, type: string, data: unknown, key: string): Promise<string> {
  const id = randomUUID();
  const envelope = {
    specversion: '1.0',
    id,
    source: '/orders',
    type,
    subject: key,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  };
  await queryServer(
    shop.databaseServerUrl,
    'INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)',
    [id, type, key, envelope],
    `${shop.databasePrefix}_orders`,
  );
  return id;
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
