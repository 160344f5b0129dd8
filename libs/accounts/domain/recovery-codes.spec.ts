import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHash, hashOfRecoveryCode, newRecoveryCodes } from './recovery-codes.js';

describe('Recovery codes', () => {
  it('are ten, each of 24 letters and digits that look like no other', () => {
    const codes = newRecoveryCodes();
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^([0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}$/);
  });

  it('are the same however they are typed', () => {
    const hash = hashOfRecoveryCode('01abcd-234567-89efgh-jkmnpq');
    for (const typed of [
      '01ABCD-234567-89EFGH-JKMNPQ',
      ' oIabcd 234567 89efgh jkmnpq',
      'Olabcd23456789efghjkmnpq',
    ])
      assert.deepEqual(hashOfRecoveryCode(typed), hash, typed);
    assert.notDeepEqual(hashOfRecoveryCode('01abcd-234567-89efgh-jkmnpr'), hash);
  });

  it('are found among the hashes of an account, and no other is', () => {
    const codes = newRecoveryCodes();
    const hashes = codes.map(hashOfRecoveryCode);
    for (const code of codes) assert.ok(findHash(hashes, hashOfRecoveryCode(code)));
    assert.equal(findHash(hashes, hashOfRecoveryCode(newRecoveryCodes().join(''))), undefined);
    assert.equal(findHash([], hashOfRecoveryCode('')), undefined);
  });
});
