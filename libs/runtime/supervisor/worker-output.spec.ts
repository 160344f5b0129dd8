import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputOf } from './worker-output.js';

describe('What a process prints behind its name', () => {
  it('is for a person, in colours, where it ends in a terminal', () => {
    assert.deepEqual(outputOf('auto', true, { TERM: 'xterm' }), { LOG_FORMAT: 'pretty', FORCE_COLOR: '1' });
    assert.deepEqual(outputOf('json', true, {}), { LOG_FORMAT: 'json', FORCE_COLOR: '1' });
  });

  it('has no colours where the terminal has none, or nobody wants any', () => {
    assert.deepEqual(outputOf('auto', true, { TERM: 'dumb' }), { LOG_FORMAT: 'pretty' });
    assert.deepEqual(outputOf('auto', true, { NO_COLOR: '' }), { LOG_FORMAT: 'pretty' });
  });

  it('is as the settings say where it ends in a file', () => {
    assert.deepEqual(outputOf('auto', false, { TERM: 'xterm' }), { LOG_FORMAT: 'auto' });
  });
});
