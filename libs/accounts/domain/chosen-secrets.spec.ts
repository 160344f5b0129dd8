import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { isPublished, isWeakSecret } from './chosen-secrets.js';

describe('A secret that somebody has chosen', () => {
  it('is weak when it is short, uniform or made of words', () => {
    for (const secret of [
      'a1b2c3d4e5f6a7b8',
      'x'.repeat(64),
      'ab'.repeat(24),
      'a-very-long-secret-for-this-deployment',
      'CHANGEME-changeme-CHANGEME-changeme',
      'correct horse battery staple, correct horse battery staple',
    ]) {
      assert.ok(isWeakSecret(secret), secret);
    }
  });

  it('is not weak when it is random', () => {
    for (let round = 0; round < 100; round += 1) {
      const hex = randomBytes(24).toString('hex');
      assert.ok(!isWeakSecret(hex), hex);
    }
  });

  it('is published when the documents show it, however it is spelled', () => {
    assert.ok(isPublished('Correct-Horse-Battery-Staple'));
    assert.ok(isPublished('correct horse battery staple 1'));
    assert.ok(!isPublished('correct pony battery staple'));
  });
});
