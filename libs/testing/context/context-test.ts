import { randomUUID } from 'node:crypto';
import {
  type Contract,
  type EventEnvelope,
  type EventType,
  type Implementation,
  type Product,
  rulesOf,
} from '@fissile/kit/contract';
import { LocalEventBus } from '@fissile/kit/messaging';
import type { RunningProcess } from '@fissile/kit/runtime';
import { ContractBinding } from '@fissile/kit/rpc';
import { type DrainedOptions, outboxesDrained } from '../product/outboxes-drained.js';
import { type Answer, type CallOptions, sendRequest } from '../product/send-request.js';
import { queryServer } from '../test-database.js';
import { type ContextTestOptions, type ContextTestParts, giveBack, makeParts } from './context-test-parts.js';
import { startContext } from './start-context.js';

/** One context of a product in this process, with its real database; the others are faked by their contracts. */
export class ContextTest {
  private constructor(
    private readonly options: ContextTestOptions,
    private readonly parts: ContextTestParts,
    private readonly running: RunningProcess,
  ) {}

  /** Starts the context. When the start fails, nothing is left. */
  static async start(options: ContextTestOptions): Promise<ContextTest> {
    const parts = await makeParts();
    try {
      return new ContextTest(options, parts, await startContext(options, parts));
    } catch (error) {
      await giveBack(parts);
      throw error;
    }
  }

  get product(): Product {
    return this.options.product;
  }

  get context(): string {
    return this.options.module.context;
  }

  get contexts(): readonly string[] {
    return [this.context];
  }

  /** Where its HTTP routes are, under the same paths as in the product. */
  get url(): string {
    return this.running.url;
  }

  databaseUrl(context: string): string {
    const url = new URL(this.parts.server.url);
    url.pathname = `/${this.parts.prefix}_${context}`;
    return url.href;
  }

  /**
   * A client of its contract; arguments and answers are checked as in a call from another process. It calls each method as the first
   * of the callers that the description names.
   */
  call<C extends Contract>(contract: C): Implementation<C> {
    const binding = this.running.get(ContractBinding);
    const methods = [...rulesOf(contract)].map(([name, { callers }]) => {
      const caller = callers?.[0];
      const client = binding.client(contract, this.context, caller === undefined ? {} : { caller });
      return [name, client[name as keyof Implementation<C>]];
    });
    return Object.fromEntries(methods) as Implementation<C>;
  }

  /** Sends a request to its HTTP routes. */
  request(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return sendRequest(this.url, method, path, options);
  }

  /** An access token of a user who has those roles. */
  signIn({
    userId = randomUUID(),
    roles = [],
  }: { userId?: string; roles?: readonly string[] } = {}): Promise<string> {
    return this.parts.issuer.sign(this.parts.key, { sub: userId, roles });
  }

  /** What Nest has made of a class of the module. */
  get<T>(type: abstract new (...parameters: never[]) => T): T {
    return this.running.get(type);
  }

  /** The events that it has written to its outbox, in their order; those of one type when it is given. */
  async events(): Promise<EventEnvelope[]>;
  async events<Data>(type: EventType<string, Data>): Promise<EventEnvelope<Data>[]>;
  async events(type?: EventType): Promise<EventEnvelope[]> {
    const sql = 'SELECT envelope FROM outbox WHERE $1::text IS NULL OR type = $1 ORDER BY position';
    const rows = await this.query<{ envelope: EventEnvelope }>(sql, [type?.name ?? null]);
    return rows.map(({ envelope }) => envelope);
  }

  /**
   * Delivers an event of another context, and resolves when it is handled.
   * @param source the context that publishes it; found by the product when absent
   * @param id the same as before for an event that comes again
   * @throws Error when it became a dead letter, with the reason
   */
  async deliver<Data>(
    type: EventType<string, Data>,
    data: Data,
    { id = randomUUID() }: { id?: string } = {},
  ): Promise<void> {
    const envelope = envelopeOf(this.product, type, data, id);
    await this.running.get(LocalEventBus).publishTo(this.context, envelope);
    const sql = 'SELECT reason FROM dead_letters WHERE event_id = $1';
    const [letter] = await this.query<{ reason: string }>(sql, [id]);
    if (letter) throw new Error(`${type.name} became a dead letter: ${letter.reason}`);
  }

  /** Runs a statement in its database. */
  query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const { server, prefix } = this.parts;
    return queryServer<Row>(server.url, sql, parameters, `${prefix}_${this.context}`);
  }

  /** Waits until its events are published, and its sagas have ended. @throws Error that names what is left */
  outboxDrained(options?: DrainedOptions): Promise<void> {
    return outboxesDrained(this, options);
  }

  /**
   * Stops it, and removes its database.
   * @throws Error that names the methods which were called without a fake
   */
  async close(): Promise<void> {
    try {
      await this.running.stop();
    } finally {
      await giveBack(this.parts);
    }
    const { unfaked } = this.parts;
    if (unfaked.length > 0) throw new Error([...new Set(unfaked)].join('\n'));
  }
}

function envelopeOf<Data>(
  product: Product,
  type: EventType<string, Data>,
  data: Data,
  id: string,
): EventEnvelope {
  const publisher = product.contexts.find(({ publishes }) =>
    publishes.some(({ name }) => name === type.name),
  );
  if (!publisher) throw new Error(`no context of ${product.name} publishes ${type.name}`);
  return {
    specversion: '1.0',
    id,
    source: `/${publisher.name}`,
    type: type.name,
    subject: type.key(data),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: type.schema.parse(data),
  };
}
