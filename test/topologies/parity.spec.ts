import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Shop, until } from '#libs/testing';
import { RECORDED_REQUESTS, type RecordedRequest } from './parity-requests.js';

/** Each of these must answer as one process does. */
const OTHERS = [
  { TOPOLOGY: 'split', TRANSPORT: 'grpc' },
  { TOPOLOGY: 'split', TRANSPORT: 'tcp' },
  { TOPOLOGY: 'edge-core', TRANSPORT: 'grpc' },
  { TOPOLOGY: 'order-path', TRANSPORT: 'tcp' },
];

const TRACE = '0af7651916cd43dd8448eb211c80319c';
/** What belongs to a connection or a moment, not to the answer. */
const NOT_COMPARED = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Sends the recorded requests, one after the other, and gives the answers as far as they must be the same everywhere. */
async function record(settings: Record<string, string>): Promise<Map<string, Answer>> {
  const shop = await Shop.start({ env: { ...settings, CORS_ORIGINS: 'https://shop.example' } });
  try {
    const saved = new Map<string, string>();
    const names = new Map<string, string>();
    const answers = new Map<string, Answer>();
    for (const request of RECORDED_REQUESTS) {
      answers.set(request.name, normalised(await send(shop.url, request, saved), names));
    }
    return answers;
  } finally {
    await shop.close();
  }
}

async function send(url: string, request: RecordedRequest, saved: Map<string, string>): Promise<Answer> {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name) => saved.get(name) ?? whole);
  const once = async (): Promise<{ answer: Answer; text: string }> => {
    const { body, as, method = 'GET' } = request;
    const response = await fetch(url + fill(request.path), {
      method,
      headers: {
        traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
        'x-request-id': 'recorded',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(as !== undefined && { authorization: `Bearer ${saved.get(as)}` }),
        ...request.headers,
      },
      ...(body !== undefined && { body: fill(typeof body === 'string' ? body : JSON.stringify(body)) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !NOT_COMPARED.has(name)));
    return {
      answer: { status: response.status, headers, body: isJson && text ? JSON.parse(text) : text },
      text,
    };
  };
  const wanted = request.until;
  const { answer } = wanted
    ? await until(`${request.name}: ${wanted}`, async () => {
        const tried = await once();
        return wanted.test(tried.text) ? tried : undefined;
      })
    : await once();
  if (request.ofSeveralContexts) sortByType(answer.body as { items: { type: string }[] });
  for (const [name, field] of Object.entries(request.save ?? {})) {
    const value = (answer.body as Record<string, unknown>)[field];
    assert.equal(typeof value, 'string', `${request.name}: ${JSON.stringify(answer.body)}`);
    saved.set(name, value as string);
  }
  return answer;
}

function sortByType({ items }: { items: { type: string }[] }): void {
  items.sort((one, other) => one.type.localeCompare(other.type));
}

/** Replaces what is made up at each run by names in the order of appearance, so that the same id has the same name. */
function normalised(answer: Answer, names: Map<string, string>): Answer {
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
    // Opaque values, of a length that says nothing.
    .replace(/Your order [0-9a-f]{8}/g, 'Your order <part of an id>')
    .replace(/"(refreshToken|nextCursor|kid|x)":"[^"]+"/g, '"$1":"<opaque>"');
  return JSON.parse(text) as Answer;
}

describe('The same requests get the same answers', () => {
  let expected: Map<string, Answer>;

  before(async () => {
    expected = await record({ TOPOLOGY: 'monolith' });
  });

  for (const settings of OTHERS) {
    describe(`from ${settings.TOPOLOGY} over ${settings.TRANSPORT} as from one process`, () => {
      let answers: Map<string, Answer>;

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
    const answer = (orderId: string, paidFor: string): Answer => ({
      status: 200,
      headers: {},
      body: { orderId, paidFor, at: '2026-01-01T00:00:00.000Z' },
    });
    const compared = (body: Answer) => normalised(body, new Map());
    assert.deepEqual(compared(answer(one, one)), compared(answer(other, other)));
    assert.notDeepEqual(compared(answer(one, one)), compared(answer(one, other)));
  });

  after(() => expected.clear());
});
