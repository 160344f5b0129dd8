import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ResponseCache } from './response-cache.js';

describe('The response cache', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
  afterEach(() => mock.timers.reset());

  const headers = { etag: '"1"' };
  const textOf = (answers: ResponseCache, url: string) => answers.find(url, 60)?.body.toString();

  it('finds responses by URL until they are too old, with their age', () => {
    const answers = new ResponseCache(10, 1_000);
    answers.keep('/a', headers, Buffer.from('first'));
    mock.timers.tick(59_999);
    assert.equal(answers.find('/a', 60)?.ageSeconds, 59);
    assert.deepEqual(answers.find('/a', 60)?.headers, headers);
    assert.equal(answers.find('/b', 60), undefined);
    mock.timers.tick(1);
    assert.equal(answers.find('/a', 60), undefined);
    answers.keep('/a', headers, Buffer.from('second'));
    assert.equal(textOf(answers, '/a'), 'second');
    assert.equal(answers.find('/a', 0), undefined, 'none, when that is wanted');
  });

  it('has a maximum of entries: the least recently used are evicted', () => {
    const answers = new ResponseCache(2, 1_000);
    answers.keep('/a', headers, Buffer.from('a'));
    answers.keep('/b', headers, Buffer.from('b'));
    answers.keep('/a', headers, Buffer.from('a again'));
    answers.keep('/c', headers, Buffer.from('c'));
    assert.deepEqual(
      ['/a', '/b', '/c'].map((url) => textOf(answers, url)),
      ['a again', undefined, 'c'],
    );
  });

  it('has a maximum of bytes', () => {
    const answers = new ResponseCache(100, 10);
    for (let count = 0; count < 50; count += 1) answers.keep('/a', headers, Buffer.alloc(6));
    answers.keep('/b', headers, Buffer.alloc(4));
    assert.ok(answers.find('/a', 60), 'ten fit, whatever was kept under the same address before');
    answers.keep('/c', headers, Buffer.alloc(1));
    assert.equal(answers.find('/b', 60), undefined, 'it was used longest ago');
    assert.ok(answers.find('/a', 60) && answers.find('/c', 60));
  });
});
