import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAccepted } from './invoice.js';

describe('A card', () => {
  it('is accepted, but for the one that stands for a refusal', () => {
    assert.ok(isAccepted('a-card'));
    assert.ok(!isAccepted('declined'));
  });
});
