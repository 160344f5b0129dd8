import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DatabaseSettings } from '@fissile/kit/database';
import type { UsersSettings } from '../users.settings.js';
import { SecretBox } from './secret-box.js';

const [OLD, NEXT] = ['the-old-key-secret', 'the-next-key-secret'];

describe('What AUTH_KEY_SECRET encrypts', () => {
  it('is read by both generations while it is being changed, and encrypted by the new one', () => {
    const settings = { AUTH_KEY_SECRET: OLD };
    const box = new SecretBox(settings as UsersSettings, {} as DatabaseSettings);
    const sealed = box.close('a key');
    assert.equal(box.renewed(sealed), undefined);

    settings.AUTH_KEY_SECRET = `${OLD}\n${NEXT}`;
    assert.equal(box.open(sealed), 'a key');
    assert.equal(box.renewed(sealed), undefined, 'the first generation is used');

    settings.AUTH_KEY_SECRET = `${NEXT}\n${OLD}`;
    assert.equal(box.open(sealed), 'a key');
    const renewed = box.renewed(sealed);
    assert.ok(renewed);

    settings.AUTH_KEY_SECRET = NEXT;
    assert.equal(box.open(renewed), 'a key');
    assert.throws(() => box.open(sealed), /AUTH_KEY_SECRET.*has changed/);
    assert.equal(box.renewed(sealed), undefined, 'nothing decrypts it');
  });
});
