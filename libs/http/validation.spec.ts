import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { toProblem } from './problem.js';
import { RequestInvalid, validationPipe } from './validation.js';

const Body = z.strictObject({
  name: z.string().max(3),
  tags: z.array(z.string()).max(2, 'expected at most 2 tags').optional(),
  kind: z.enum(['large', 'small']).optional(),
  count: z.int().min(1).optional(),
});

async function problemOf(value: unknown, schema: z.ZodType = Body, data?: string) {
  const type = data === undefined ? 'body' : 'param';
  const failed = await validationPipe
    .transform(value, { type, schema, ...(data !== undefined && { data }) })
    .catch((error: unknown) => error);
  assert.ok(failed instanceof RequestInvalid);
  return toProblem(failed, 'trace');
}

async function linesOf(value: unknown): Promise<string[]> {
  const { errors = [] } = await problemOf(value);
  return errors.map(({ path, message }) => `${path}: ${message}`);
}

describe('A request that does not fit its schema', () => {
  it('is told the bound, and how much was sent', async () => {
    assert.deepEqual(await linesOf({ name: 'abcd', tags: ['a', 'b', 'c'], count: 0 }), [
      'name: expected at most 3 characters, 4 sent',
      'tags: expected at most 2 tags, 3 sent',
      'count: expected at least 1, 0 sent',
    ]);
  });

  it('is told nothing of the length of a number that is sent as text', async () => {
    const query = z.strictObject({ limit: z.string().transform(Number).pipe(z.int().max(100)) });
    assert.equal((await problemOf({ limit: '1000' }, query)).detail, 'limit: expected at most 100');
  });

  it('is told the type, and what may be sent', async () => {
    assert.deepEqual(await linesOf({ tags: 'a', kind: 'medium', count: 1.5, other: 1 }), [
      'name: expected text, nothing sent',
      'tags: expected a list, text sent',
      'kind: expected one of large, small',
      'count: expected a whole number, a number sent',
      'other: This field is not known here',
    ]);
    assert.deepEqual(await linesOf(null), [': expected an object, null sent']);
  });

  it('is told a thing once, and the first in the detail', async () => {
    const text = z.string().min(1, 'expected some text').regex(/./, 'expected some text');
    const { errors = [], detail } = await problemOf(
      { one: '', two: '' },
      z.strictObject({ one: text, two: text }),
    );
    assert.deepEqual(errors, [
      { path: 'one', message: 'expected some text' },
      { path: 'two', message: 'expected some text' },
    ]);
    assert.equal(detail, 'one: expected some text, and 1 more in errors');
  });

  it('names the parameter of a path', async () => {
    const { errors, detail } = await problemOf('x', z.uuid('expected a UUID'), 'id');
    assert.deepEqual(errors, [{ path: 'id', message: 'expected a UUID' }]);
    assert.equal(detail, 'id: expected a UUID');
  });
});
