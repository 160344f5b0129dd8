import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { weaknessOf } from '../domain/password-rules.js';
import { commonPasswords } from './common-passwords.js';

describe('Password rules', async () => {
  const isCommonPassword = await commonPasswords();
  const email = 'grace.hopper@example.com';
  const refused = [
    'passwordpassword',
    'PASSWORDPASSWORD',
    'aaaaaaaaaaaa',
    '123456123456',
    '123456789012',
    'abcdefghijkl',
    'qwertyuiopas',
    'grace.hopper',
    'grace.hopper@example.com',
  ];
  for (const password of refused) {
    it(`rejects ${password}`, () => assert.ok(weaknessOf(password, email, isCommonPassword)));
  }

  for (const password of [
    'correct horse battery staple',
    'tr0ub4dor&3-again',
    'öäüöäü-und-mehr',
    'the-tests-own-admin',
  ]) {
    it(`accepts ${password}`, () => assert.equal(weaknessOf(password, email, isCommonPassword), undefined));
  }
});
