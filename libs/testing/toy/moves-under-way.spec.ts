import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { until } from '../until.js';
import { RunningToy } from './running-toy.js';

/** Longer than a slow machine takes to start the process that a context moves to: no request is to end before. */
const LONG_MS = '120000';
const SETTINGS = {
  TOPOLOGY: 'monolith',
  TRANSPORT: 'grpc',
  EVENT_BUS: 'direct',
  BODY_LIMIT_BYTES: `${2 * 1024 * 1024}`,
  REQUEST_TIMEOUT_MS: LONG_MS,
  REQUEST_DEADLINE_MS: LONG_MS,
  UNREAD_TIMEOUT_MS: LONG_MS,
  DATABASE_LOCK_TIMEOUT_MS: LONG_MS,
  DATABASE_STATEMENT_TIMEOUT_MS: LONG_MS,
};
const BODY = JSON.stringify({ text: 'x'.repeat(1_000_000) });

interface Received {
  readonly status: number | undefined;
  readonly body: string;
}

/** What began before a context moves ends where it began, and the move waits for it. */
describe('What is under way while a context moves', () => {
  let toy: RunningToy;

  before(async () => {
    toy = await RunningToy.start(SETTINGS);
  });
  after(() => toy.close());

  async function answerTo(sent: ClientRequest): Promise<Received> {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: await text(response) };
  }

  /** A note, half of which is sent. @returns what sends the rest, and the answer to it */
  async function halfANote(): Promise<() => Promise<Received>> {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) };
    const sent = request(`${toy.url}/api/beta/notes`, { method: 'POST', headers });
    const half = BODY.length / 2;
    const answer = answerTo(sent);
    await new Promise<void>((written) => sent.write(BODY.slice(0, half), () => written()));
    return () => {
      sent.end(BODY.slice(half));
      return answer;
    };
  }

  /** A note whose reader has seen its first bytes. @returns what reads the rest */
  async function halfAnAnswer(id: string): Promise<() => Promise<Received>> {
    const sent = request(`${toy.url}/api/beta/notes/${id}`);
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    return async () => ({ status: response.statusCode, body: await text(response) });
  }

  /** A request that waits for a row. @returns what lets it go on */
  async function heldRequest(id: string): Promise<() => Promise<Received>> {
    await toy.call('PUT', `/api/beta/slots/${id}`, { capacity: 1 });
    const unlock = await toy.lock('beta', 'SELECT 1 FROM slots WHERE id = $1', [id]);
    const headers = { 'content-type': 'application/json' };
    const sent = request(`${toy.url}/api/beta/slots/${id}`, { method: 'PUT', headers });
    sent.end('{"capacity":2}');
    const answer = answerTo(sent);
    await until('it waits for the row', async () => {
      const sql = `
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%slots%'`;
      return (await toy.query('beta', sql)).length > 0;
    });
    return async () => {
      await unlock();
      return answer;
    };
  }

  const hostOfBeta = ({ processes }: Awaited<ReturnType<RunningToy['askTopology']>>) =>
    processes.find(({ hosts }) => hosts.includes('beta'))?.name;

  for (const [to, owner] of [
    ['own', 'beta'],
    ['gateway', 'monolith'],
  ] as const) {
    it(`ends with an answer, and holds the move to ${owner} until then`, async () => {
      const { body } = await toy.call('POST', '/api/beta/notes', JSON.parse(BODY) as object);
      const { id } = body as { id: string };
      const [upload, download, held] = [
        await halfANote(),
        await halfAnAnswer(id),
        await heldRequest(`to-${to}`),
      ];
      await toy.askTopology({ action: 'move', context: 'beta', to });
      await until('the move waits', async () => {
        const { change } = await toy.askTopology({ action: 'show' });
        return change?.stage === 'draining' || change?.stage === 'moving';
      });
      // What comes now is answered by the new owner, beside what is under way at the former one.
      assert.equal((await toy.call('PUT', `/api/beta/slots/beside-${to}`, { capacity: 1 })).status, 200);
      assert.equal((await toy.askTopology({ action: 'show' })).change?.endedAt, null);
      const written = await upload();
      assert.equal(written.status, 201, written.body);
      assert.equal((await toy.askTopology({ action: 'show' })).change?.endedAt, null, 'one is still held');
      const changed = await held();
      assert.deepEqual([changed.status, JSON.parse(changed.body).capacity], [200, 2]);
      const read = await download();
      assert.deepEqual([read.status, JSON.parse(read.body).text.length], [200, 1_000_000]);
      const moved = await toy.topologyAtRest();
      assert.deepEqual([moved.change?.stage, hostOfBeta(moved)], ['drained', owner]);
    });
  }
});
