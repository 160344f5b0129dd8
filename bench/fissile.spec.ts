import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spawnSync } from 'node:child_process';
import { appProgram } from '../test/harness/app-program.js';
import { productionSettings } from './fissile.js';

describe('A measured shop', () => {
  it('has settings that production takes', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [appProgram('monolith'), 'config'], {
      env: { PATH: process.env['PATH'], ...productionSettings() },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
  });
});
