import assert from 'node:assert/strict';
import { until } from '@fissile/kit/testing';
import type { RecordedRequest } from './parity-requests.js';

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export const TRACE = '0af7651916cd43dd8448eb211c80319c';
/** Headers that depend on the connection or the time, not on the response. */
const NOT_COMPARED = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** Sends one recorded request. @param saved values saved from earlier responses; this response's are added */
export async function sendRecorded(
  url: string,
  request: RecordedRequest,
  saved: Map<string, string>,
): Promise<RecordedAnswer> {
  const wanted = request.until;
  const { answer } = wanted
    ? await until(`${request.name}: ${wanted}`, async () => {
        const tried = await sendOnce(url, request, saved);
        return wanted.test(tried.text) ? tried : undefined;
      })
    : await sendOnce(url, request, saved);
  if (request.ofSeveralContexts) sortByType(answer.body as { items: { type: string }[] });
  for (const [name, field] of Object.entries(request.save ?? {})) {
    const value = (answer.body as Record<string, unknown>)[field];
    assert.equal(typeof value, 'string', `${request.name}: ${JSON.stringify(answer.body)}`);
    saved.set(name, value as string);
  }
  return answer;
}

async function sendOnce(
  url: string,
  { path, method = 'GET', as, headers: ownHeaders, body }: RecordedRequest,
  saved: ReadonlyMap<string, string>,
): Promise<{ answer: RecordedAnswer; text: string }> {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name) => saved.get(name) ?? whole);
  const response = await fetch(url + fill(path), {
    method,
    headers: {
      traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
      'x-request-id': 'recorded',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(as !== undefined && { authorization: `Bearer ${saved.get(as)}` }),
      ...ownHeaders,
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
}

function sortByType({ items }: { items: { type: string }[] }): void {
  items.sort((one, other) => one.type.localeCompare(other.type));
}
