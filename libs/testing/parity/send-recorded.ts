import { type Answer, sendRequest } from '../product/send-request.js';
import { until } from '../until.js';
import { type RecordedRequest } from './recorded-request.js';
import { valueAt } from './value-at.js';

const UNTIL_WITHIN_MS = 30_000;
/** Headers that are about the connection or the time, not about the answer. */
const NOT_COMPARED = new Set([
  'age',
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);
/** The same in every run, so that what an answer repeats of it is too. */
const SENT_HEADERS = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'x-request-id': 'recorded',
};

/** What a request is called in a report. */
export function nameOf({ name, method = 'GET', path }: RecordedRequest): string {
  return name ?? `${method} ${path}`;
}

/** Sends one recorded request. @param saved values of earlier answers; those of this one are added */
export async function sendRecorded(
  url: string,
  request: RecordedRequest,
  saved: Map<string, string>,
): Promise<Answer> {
  const answer = await answerOf(url, request, saved);
  for (const [name, path] of Object.entries(request.save ?? {})) {
    const value = valueAt(answer.body, path);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new Error(
        `${nameOf(request)}: ${path} cannot be saved as ${name}, since the answer is ${answer.status} ` +
          JSON.stringify(answer.body),
      );
    }
    saved.set(name, String(value));
  }
  const headers = Object.entries(answer.headers).filter(([name]) => !NOT_COMPARED.has(name));
  return { ...answer, headers: Object.fromEntries(headers) };
}

async function answerOf(
  url: string,
  request: RecordedRequest,
  saved: ReadonlyMap<string, string>,
): Promise<Answer> {
  const { method = 'GET', path, as, headers = {}, body, until: wanted } = request;
  const fill = (text: string): string => fillIn(text, saved, nameOf(request));
  const send = (): Promise<Answer> =>
    sendRequest(url, method, fill(path), {
      token: as === undefined ? undefined : fill(`{${as}}`),
      headers: { ...SENT_HEADERS, ...mapValues(headers, fill) },
      ...(body !== undefined && { body: fill(typeof body === 'string' ? body : JSON.stringify(body)) }),
    });
  if (wanted === undefined) return send();
  const pattern = new RegExp(wanted);
  return until(
    `${nameOf(request)} answers ${pattern}`,
    async () => {
      const answer = await send();
      return pattern.test(JSON.stringify(answer.body)) ? answer : undefined;
    },
    UNTIL_WITHIN_MS,
  );
}

/** @throws Error for a name that no earlier answer saved */
function fillIn(text: string, saved: ReadonlyMap<string, string>, request: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = saved.get(name);
    if (value === undefined) {
      throw new Error(
        `${request}: {${name}} was not saved; there are ${[...saved.keys()].join(', ') || 'none'}`,
      );
    }
    return value;
  });
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
