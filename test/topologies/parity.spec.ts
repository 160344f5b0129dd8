import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Shop } from '../harness/shop.js';
import { RECORDED_REQUESTS } from './parity-requests.js';
import { type RecordedAnswer, sendRecorded } from './send-recorded.js';

/** Topologies that must respond as a single process does. */
const OTHERS = [
  { TOPOLOGY: 'split', TRANSPORT: 'grpc' },
  { TOPOLOGY: 'split', TRANSPORT: 'tcp' },
  { TOPOLOGY: 'edge-core', TRANSPORT: 'grpc' },
  { TOPOLOGY: 'order-path', TRANSPORT: 'tcp' },
];

/**
 * Sends the recorded requests in sequence, and returns the parts of the responses that must be equal in every
 * topology.
 */
async function record(settings: Record<string, string>): Promise<Map<string, RecordedAnswer>> {
  const shop = await Shop.start({
    env: { ...settings, CORS_ORIGINS: 'https://shop.example', TRACE_TRUST_INCOMING: 'true' },
  });
  try {
    const saved = new Map<string, string>();
    const names = new Map<string, string>();
    const answers = new Map<string, RecordedAnswer>();
    for (const request of RECORDED_REQUESTS) {
      answers.set(request.name, normalised(await sendRecorded(shop.url, request, saved), names));
    }
    return answers;
  } finally {
    await shop.close();
  }
}

/** Replaces values generated per run by names in the order of appearance, so that the same id has the same name. */
function normalised(answer: RecordedAnswer, names: Map<string, string>): RecordedAnswer {
  const MADE_UP =
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|eyJ[\w-]+\.[\w-]+\.[\w-]+|\d{4}-\d\d-\d\dT[\d:.]+Z/g;
  const nameOf = (value: string): string => {
    if (/^\d{4}-\d\d-/.test(value)) return '<time>';
    const name = names.get(value) ?? `<${names.size + 1}>`;
    names.set(value, name);
    return name;
  };
  const text = JSON.stringify(answer)
    .replace(MADE_UP, nameOf)
    // Opaque values, whose length has no meaning.
    .replace(/Your order [0-9a-f]{8}/g, 'Your order <part of an id>')
    .replace(/"(refreshToken|nextCursor|kid|x)":"[^"]+"/g, '"$1":"<opaque>"');
  return JSON.parse(text) as RecordedAnswer;
}

describe('The same requests get the same answers', () => {
  let expected: Map<string, RecordedAnswer>;

  before(async () => {
    expected = await record({ TOPOLOGY: 'monolith' });
  });

  for (const settings of OTHERS) {
    describe(`from ${settings.TOPOLOGY} over ${settings.TRANSPORT} as from one process`, () => {
      let answers: Map<string, RecordedAnswer>;

      before(async () => {
        answers = await record(settings);
      });

      for (const { name } of RECORDED_REQUESTS) {
        it(name, () => assert.deepEqual(answers.get(name), expected.get(name)));
      }
    });
  }

  it('and what is made up at each run is compared by where it comes back', () => {
    const [one, other] = ['0190c5a0-0000-7000-8000-000000000001', '0190c5a0-0000-7000-8000-000000000002'];
    const answer = (orderId: string, paidFor: string): RecordedAnswer => ({
      status: 200,
      headers: {},
      body: { orderId, paidFor, at: '2026-01-01T00:00:00.000Z' },
    });
    const compared = (body: RecordedAnswer) => normalised(body, new Map());
    assert.deepEqual(compared(answer(one, one)), compared(answer(other, other)));
    assert.notDeepEqual(compared(answer(one, one)), compared(answer(one, other)));
  });

  after(() => expected.clear());
});
