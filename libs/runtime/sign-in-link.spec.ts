import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { opensBrowser } from './sign-in-link.js';

describe('The browser', () => {
  const START = { npm_lifecycle_event: 'start' };

  it('is opened for somebody who has started the product in a terminal', () => {
    assert.ok(opensBrowser(START, true));
    assert.ok(opensBrowser({ ...START, BROWSER: 'firefox', CI: 'false' }, true));
  });

  it('stays closed where nobody looks, where nobody wants it, and at each change of a file', () => {
    assert.ok(!opensBrowser(START, false));
    assert.ok(!opensBrowser({ ...START, BROWSER: 'none' }, true));
    assert.ok(!opensBrowser({ ...START, CI: 'true' }, true));
    assert.ok(!opensBrowser({ npm_lifecycle_event: 'start:dev' }, true));
    assert.ok(!opensBrowser({}, true));
  });
});
