import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Api } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';
import { ADMIN } from '../harness/shop.js';

const READING = [
  'find',
  'get_dead_letter',
  'get_saga',
  'get_trace',
  'list_dead_letters',
  'list_errors',
  'list_sagas',
  'list_traces',
  'read_logs',
  'topology',
];
const WRITING = ['abort_saga', 'discard_dead_letter', 'move_context', 'replay_dead_letter', 'retry_saga'];

describe('fissile mcp', () => {
  let shop: SharedShop;
  const clients: Client[] = [];

  before(async () => {
    shop = await sharedShop();
    const api = new Api(shop);
    const { token } = await api.customer();
    const productId = await api.product(await api.admin(), { stock: 5 });
    await api.placeOrder(token, [{ productId, quantity: 1 }]);
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await shop?.close();
  });

  /** A coding agent that has started the command. */
  async function agent(flags: readonly string[] = [], password: string = ADMIN.password): Promise<Client> {
    const client = new Client({ name: 'agent', version: '1.0.0' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ['libs/dist/cli/main.js', 'mcp', '--url', shop.url, ...flags],
      env: { PATH: process.env['PATH'] ?? '', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: password },
    });
    await client.connect(transport);
    clients.push(client);
    return client;
  }

  async function call(client: Client, name: string, input: Record<string, unknown> = {}) {
    const { content, isError = false } = await client.callTool({ name, arguments: input });
    const [first] = content;
    assert.ok(first?.type === 'text');
    return { isError, text: first.text, answer: isError ? undefined : JSON.parse(first.text) };
  }

  it('offers tools that read, and those that change something only where that was allowed', async () => {
    const namesOf = async (client: Client): Promise<string[]> =>
      (await client.listTools()).tools.map(({ name }) => name).sort();
    const reader = await agent();
    assert.deepEqual(await namesOf(reader), READING);
    await assert.rejects(async () => {
      const { isError } = await call(reader, 'abort_saga', { id: shop.url });
      if (isError) throw new Error('refused');
    });
    const { tools } = await (await agent(['--allow-writes'])).listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), [...READING, ...WRITING].sort());
    const marked = tools.filter(({ annotations }) => annotations?.readOnlyHint === false);
    assert.deepEqual(marked.map(({ name }) => name).sort(), WRITING);
  });

  it('shows the topology, an order’s saga by its id, and what an error code means', async () => {
    const client = await agent();
    assert.ok((await call(client, 'topology')).answer.processes.length > 0);
    const { items } = (await call(client, 'list_sagas', { limit: 1, name: 'place-order' })).answer;
    assert.equal((await call(client, 'get_saga', { id: items[0].id })).answer.id, items[0].id);
    const { errors } = (await call(client, 'list_errors')).answer;
    assert.ok(errors.some(({ code }: { code: string }) => code === 'saga_not_found'));
    for (const name of ['list_dead_letters', 'list_traces', 'read_logs'])
      assert.ok(Array.isArray((await call(client, name)).answer.items), name);
    assert.ok((await call(client, 'find', { q: ADMIN.email })).answer);
  });

  it('reports what the product refuses, by its code', async () => {
    const client = await agent(['--allow-writes']);
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const missing = await call(client, 'retry_saga', { id });
    assert.ok(missing.isError);
    assert.match(missing.text, /^404 saga_not_found: /);
    const stranger = await agent([], 'not the password');
    assert.match((await call(stranger, 'topology')).text, /^401 invalid_credentials: /);
  });
});
