import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brokerUrl, outboxesDrained, until } from '@fissile/kit/testing';
import { Api, type Json } from '../harness/api.js';
import {
  type BrokerWithUsers,
  kafkaWithUsers,
  natsWithUsers,
  rabbitmqWithUsers,
} from '../harness/broker-with-users.js';
import { Shop } from '../harness/shop.js';
import { CONTEXTS, shop as product } from '#contracts';

const LONG_MS = 150_000;
/** Of each kind, before the load ends. */
const MORE_REQUESTS = 20;

const BROKERS = [
  { bus: 'nats', transport: 'nats', start: natsWithUsers },
  { bus: 'rabbitmq', transport: 'grpc', start: rabbitmqWithUsers },
  { bus: 'kafka', transport: 'grpc', start: kafkaWithUsers },
] as const;

/** Requests of several customers at once, until it is ended. */
class Load {
  readonly failures: string[] = [];
  /** How many requests have ended, by their kind. */
  readonly counts = new Map<string, number>();
  private isOver = false;
  private readonly loops: Promise<void>[] = [];

  add(kind: string, send: () => Promise<{ status: number; body: Json }>): void {
    this.counts.set(kind, 0);
    const run = async (): Promise<void> => {
      while (!this.isOver) {
        const { status, body } = await send().catch((error: unknown) => ({ status: 0, body: String(error) }));
        this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
        if (status === 0 || status >= 400) this.failures.push(`${kind}: ${status} ${JSON.stringify(body)}`);
      }
    };
    this.loops.push(run());
  }

  /** Resolves when more of each kind have ended. */
  async goOn(): Promise<void> {
    const before = new Map(this.counts);
    await until(
      'there were more requests of each kind',
      () => [...this.counts].every(([kind, count]) => count >= (before.get(kind) ?? 0) + MORE_REQUESTS),
      LONG_MS,
    );
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }
}

for (const { bus, transport, start } of BROKERS) {
  describe(`The password of ${bus}`, { skip: brokerUrl(bus) === undefined }, () => {
    it('changes under load in the file that has it: connections are renewed, no request fails and no event is lost', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fissile-passwords-'));
      const path = join(folder, 'secret');
      const put = (text: string): void => {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      };
      const broker = await start('old');
      let shop: Shop | undefined;
      const load = new Load();
      try {
        put(broker.secretFor('old'));
        shop = await startShop(broker, path, { TRANSPORT: transport, EVENT_BUS: bus });
        const api = new Api(shop);
        const customer = await api.customer();
        const productId = await api.product(await api.admin(), { stock: 100_000 });
        const order = { items: [{ productId, quantity: 1 }], payment: { method: 'pm_card_ok' } };
        load.add('profile', () => api.get('/api/users/me', customer.token));
        load.add('orders', () => api.get('/api/orders', customer.token));
        load.add('order', () =>
          api.post('/api/orders', order, customer.token, { 'idempotency-key': randomUUID() }),
        );
        await load.goOn();
        const read = (): number => (shop?.output.split(`${broker.secret} has changed`).length ?? 0) - 1;
        await broker.add('new');
        put(broker.secretFor('new'));
        const all = shop.pids().size;
        await until('all processes have read it', () => read() >= all, LONG_MS);
        await broker.endOthers('new');
        await load.goOn();
        await load.end();
        assert.deepEqual(
          load.failures,
          [],
          `of ${JSON.stringify([...load.counts])}\n${logOf(shop, load.failures)}`,
        );
        // What was sent was received by each context that handles it.
        await outboxesDrained(databasesOf(shop));
      } finally {
        await load.end();
        await shop?.close();
        await broker.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

function startShop(broker: BrokerWithUsers, path: string, env: Record<string, string>): Promise<Shop> {
  return Shop.start({
    env: {
      TOPOLOGY: 'split',
      ...env,
      ...broker.settings,
      [broker.secret]: '',
      [`${broker.secret}_FILE`]: path,
    },
  });
}

/** What the processes said of the requests that failed. */
function logOf({ output }: Shop, failures: readonly string[]): string {
  const traces = failures.flatMap((failure) => /"traceId":"(\w+)"/.exec(failure)?.[1] ?? []);
  const isOfThem = (line: string): boolean => traces.some((trace) => line.includes(trace));
  return output.split('\n').filter(isOfThem).join('\n');
}

function databasesOf({ databaseServerUrl, databasePrefix }: Shop) {
  const databaseUrl = (context: string): string => {
    const url = new URL(databaseServerUrl);
    url.pathname = `/${databasePrefix}_${context}`;
    return url.href;
  };
  return { product, contexts: CONTEXTS, databaseUrl };
}
