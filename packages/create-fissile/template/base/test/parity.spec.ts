import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareTopologies, describeDifferences } from '@fissile/kit/testing';
import { product } from '#contracts';
import plan from './parity.js';

it('A split product answers as one process does', async () => {
  assert.equal(describeDifferences(await compareTopologies({ product, plan })), '');
});
