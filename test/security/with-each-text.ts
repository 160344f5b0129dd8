import type { Json } from '../harness/api.js';

/** Copies of a body, each with one text replaced. */
export function withEachText(body: Json, text: string): Json[] {
  if (typeof body === 'string') return [text];
  if (Array.isArray(body))
    return body.flatMap((item, index) =>
      withEachText(item, text).map((changed) => body.with(index, changed)),
    );
  if (body === null || typeof body !== 'object') return [];
  return Object.entries(body).flatMap(([name, value]) =>
    withEachText(value, text).map((changed) => ({ ...body, [name]: changed })),
  );
}
