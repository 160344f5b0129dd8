import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash } from '@node-rs/argon2';
import { Passwords } from './passwords.js';

const COMPOSED = 'Crème brûlée für alle'.normalize('NFC');
const DECOMPOSED = COMPOSED.normalize('NFD');

describe('A password', () => {
  const passwords = new Passwords();

  it('is the same however a keyboard composes its letters and spaces', async () => {
    for (const chosen of [COMPOSED, DECOMPOSED, COMPOSED.replaceAll(' ', '\u00a0')]) {
      const stored = await passwords.hash(chosen);
      for (const typed of [COMPOSED, DECOMPOSED, COMPOSED.replaceAll(' ', '\u3000')])
        assert.ok(await passwords.matches(typed, stored));
      assert.equal(await passwords.matches(COMPOSED.replace('è', 'e'), stored), false);
    }
  });

  it('that was hashed before it was normalised still opens its account, from either keyboard', async () => {
    for (const chosen of [COMPOSED, DECOMPOSED]) {
      const stored = await hash(chosen);
      for (const typed of [COMPOSED, DECOMPOSED]) assert.ok(await passwords.matches(typed, stored));
    }
  });

  it('opens nothing where there is no account', async () => {
    assert.equal(await passwords.matches('no account has this password', undefined), false);
  });
});
