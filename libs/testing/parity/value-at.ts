/** The value at a path such as `items.0.id`; undefined where there is none. */
export function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      body,
    );
}

/** Every value that is no object or list, with its path; so are empty objects and lists. */
export function* valuesOf(body: unknown, path = ''): Generator<[path: string, value: unknown]> {
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) {
    yield [path, body];
    return;
  }
  for (const [key, value] of Object.entries(body)) {
    yield* valuesOf(value, path === '' ? key : `${path}.${key}`);
  }
}
