import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { describeEvents } from './describe-events.js';
import { eventType } from './event.js';
import { defineContext, defineProduct } from './product.js';

const Sum = z.object({ units: z.int() }).meta({ id: 'Sum' });
const Counted = eventType(
  'alpha.counted.v1',
  z.object({ id: z.uuid(), sum: Sum }).describe('All are counted.'),
  ({ id }) => id,
);

describe('The AsyncAPI document of a product', () => {
  const alpha = defineContext({ name: 'alpha', description: 'Counts', publishes: [Counted] });
  const beta = defineContext({ name: 'beta', subscribes: [Counted] });
  const document = describeEvents(
    defineProduct({ name: 'Bits', description: 'Counts bits.', contexts: [alpha, beta] }),
  );

  it('has a channel for each event, which its context sends and others receive', () => {
    assert.deepEqual(Object.keys(document.channels), ['alpha.counted.v1']);
    assert.deepEqual(Object.keys(document.operations), [
      'alpha.send.alpha.counted.v1',
      'beta.receive.alpha.counted.v1',
    ]);
  });

  it('describes the data of an event in its envelope, and finds every schema that it refers to', () => {
    const { schemas, messages } = document.components;
    assert.deepEqual(Object.keys(schemas), ['Envelope', 'Sum', 'alpha.counted.v1']);
    const references = JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g);
    for (const [, kind, name = ''] of references)
      assert.ok(name in (kind === 'schemas' ? schemas : messages), name);
  });
});
