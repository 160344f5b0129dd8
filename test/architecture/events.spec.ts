import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { shop } from '#contracts';

interface Shape {
  readonly additionalProperties?: unknown;
  readonly [part: string]: unknown;
}

/** The paths within a schema that reject unknown fields. */
function strictParts(shape: unknown, path: string): string[] {
  if (typeof shape !== 'object' || shape === null) return [];
  const own = (shape as Shape).additionalProperties === false ? [path] : [];
  return [...own, ...Object.entries(shape).flatMap(([key, part]) => strictParts(part, `${path}.${key}`))];
}

describe('Events', () => {
  it('may gain fields within a version: no schema refuses a field that it does not know, at any depth', () => {
    const events = shop.contexts.flatMap(({ publishes }) => [...publishes]);
    assert.ok(events.length > 5);
    const strict = events.flatMap(({ name, schema }) =>
      strictParts(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), name),
    );
    assert.deepEqual(strict, []);
  });

  it('are refused by a strict schema, which the test above would find', () => {
    const strict = z.object({ money: z.array(z.strictObject({ amount: z.int() })) });
    const found = strictParts(z.toJSONSchema(strict, { io: 'input' }), 'an-event');
    assert.deepEqual(found, ['an-event.properties.money.items']);
  });
});
