import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { product } from '#contracts';
import { type Answer, type ProductUnderTest, productUnderTest } from './harness/product-under-test.js';

/** Values that a run makes up: ids, traces, times and keys. */
const MADE_UP = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z|[\w-]{43}/g;

function withoutMadeUp(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer).replace(MADE_UP, '<made up>'));
}

describe('A split product answers as one process does', () => {
  let one: ProductUnderTest;
  let split: ProductUnderTest;

  before(async () => {
    one = await productUnderTest('monolith');
    split = await productUnderTest('split');
  });

  after(async () => {
    await one.close();
    await split.close();
  });

  async function compare(ask: (running: ProductUnderTest) => Promise<Answer>): Promise<void> {
    assert.deepEqual(withoutMadeUp(await ask(split)), withoutMadeUp(await ask(one)));
  }

  it('describes the same API', () => compare((running) => running.call('GET', '/docs-json')));

  for (const path of product.contexts.flatMap(({ paths }) => paths)) {
    it(`answers ${path} to anyone, a user and an admin`, async () => {
      await compare((running) => running.call('GET', path));
      await compare(async (running) => running.call('GET', path, { token: await running.signIn() }));
      const body = { unknown: 'field' };
      await compare(async (running) => running.call('POST', path, { token: await running.signIn(), body }));
      const token = async (running: ProductUnderTest) => ({ token: await running.signInAsAdmin() });
      await compare(async (running) => running.call('GET', `${path}/none`, await token(running)));
    });
  }
});
