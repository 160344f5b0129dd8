import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ToyFolder } from '../toy/running-toy.js';
import { toy, TOY_MAIN } from '../toy/index.js';
import { compareTopologies, describeDifferences } from './compare-topologies.js';
import { Normaliser } from './normaliser.js';
import { parseRequests, type RecordedRequest } from './recorded-request.js';
import { RequestRecorder } from './request-recorder.js';
import { sendRecorded } from './send-recorded.js';

const REQUESTS: RecordedRequest[] = [
  { method: 'PUT', path: '/api/beta/slots/one', body: { capacity: 3 } },
  {
    method: 'POST',
    path: '/api/alpha/runs',
    body: { slots: [{ slotId: 'one', count: 1 }] },
    save: { run: 'id' },
  },
  { path: '/api/alpha/runs/{run}', until: '"state":"done"' },
  { name: 'no run', path: `/api/alpha/runs/${randomUUID()}` },
];

describe('Recorded requests', () => {
  let folder: ToyFolder;

  before(() => {
    folder = new ToyFolder();
  });

  after(() => folder.remove());

  it('are answered alike by one process and by several', async () => {
    const found = await compareTopologies({
      product: toy,
      main: TOY_MAIN,
      cwd: folder.path,
      plan: { requests: REQUESTS },
    });
    assert.equal(describeDifferences(found), '');
  });

  it('are recorded from what passes, with references to earlier answers', async () => {
    const id = randomUUID();
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ id, state: 'running' }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const recorder = await RequestRecorder.start(`http://127.0.0.1:${port}`);
    try {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${id}` };
      const body = JSON.stringify({ slots: [{ slotId: 'one', count: 1 }] });
      await (await fetch(`${recorder.url}/api/alpha/runs`, { method: 'POST', headers, body })).text();
      await (await fetch(`${recorder.url}/api/alpha/runs/${id}`, { headers })).text();
    } finally {
      await recorder.close();
      server.close();
    }
    assert.deepEqual(recorder.requests, [
      {
        method: 'POST',
        path: '/api/alpha/runs',
        headers: { authorization: `Bearer ${id}` },
        body: { slots: [{ slotId: 'one', count: 1 }] },
        save: { value1: 'id' },
      },
      { method: 'GET', path: '/api/alpha/runs/{value1}', as: 'value1' },
    ]);
  });

  it('are compared by where what a run makes up comes back', () => {
    const compared = (...ids: string[]) =>
      new Normaliser(['nextCursor']).normalise({
        status: 200,
        headers: {},
        body: { ids, at: new Date().toISOString(), nextCursor: randomUUID() },
      });
    const [one, other] = [randomUUID(), randomUUID()];
    assert.deepEqual(compared(one, one), compared(other, other));
    assert.notDeepEqual(compared(one, one), compared(one, other));
    const keys = [`-${'a'.repeat(42)}`, 'b'.repeat(43), '0'.repeat(32)];
    assert.deepEqual(compared(...keys).body.ids, ['<1>', '<2>', '<3>']);
    assert.deepEqual(compared(one).body, { ids: ['<1>'], at: '<time>', nextCursor: '<opaque>' });
  });

  it('are compared without the order of a list that has none', () => {
    const compared = (...kinds: string[]) => {
      const items = kinds.map((kind) => ({ id: randomUUID(), kind }));
      return new Normaliser().normalise({ status: 200, headers: {}, body: { items } }, 'items');
    };
    assert.deepEqual(compared('a', 'b'), compared('b', 'a'));
  });

  it('refer to earlier answers alone', async () => {
    const sent = sendRecorded('http://127.0.0.1:1', { path: '/slots/{slot}' }, new Map([['run', 'r']]));
    await assert.rejects(sent, { message: 'GET /slots/{slot}: {slot} was not saved; there are run' });
  });

  it('are refused with the name of the field when they are not valid', () => {
    const refused = (text: string, file = 'r.json') => {
      try {
        parseRequests(text, file);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.match(refused('[]'), /requests: expected at least one request/);
    assert.match(refused('[{"path":"api"}]'), /requests\.0\.path: expected a path that begins with \//);
    assert.match(refused('[{"path":"/","bodi":1}]'), /requests\.0: .*bodi/);
    assert.match(refused('{"path":"/"}\nno', 'r.jsonl'), /^r\.jsonl, line 2 is not JSON/);
  });
});
