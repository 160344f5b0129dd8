import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChangeRequest, changeOf } from './change-request.js';

/** What is wrong, by field. */
function issuesOf(body: unknown): string[] {
  const { error } = ChangeRequest.safeParse(body);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('A request to change the topology', () => {
  it('has the fields of its action', () => {
    for (const body of [
      { action: 'move', context: 'alpha', to: 'own' },
      { action: 'apply', topology: 'edge-core' },
      { action: 'roll-back' },
      { action: 'restart', process: 'alpha' },
      { action: 'stop', process: 'alpha' },
      { action: 'start', process: 'alpha' },
      { action: 'scale', process: 'alpha', instances: 3 },
    ]) {
      assert.deepEqual(changeOf(ChangeRequest.parse(body)), body);
    }
  });

  it('is refused with each field that is missing, or is of another action', () => {
    assert.deepEqual(issuesOf({ action: 'move', topology: 'split' }), [
      'context: expected for move',
      'to: expected for move',
      'topology: expected only for another action than move',
    ]);
    assert.deepEqual(issuesOf({ action: 'apply' }), ['topology: expected for apply']);
    assert.deepEqual(issuesOf({ action: 'scale', process: 'alpha' }), ['instances: expected for scale']);
  });

  it('is refused for what is no name, or no action', () => {
    assert.match(issuesOf({ action: 'apply', topology: '../split' }).join(), /topology: expected a name/);
    assert.match(issuesOf({ action: 'pause' }).join(), /action/);
    for (const instances of [0, 1.5, 33, Number.NaN]) {
      const issues = issuesOf({ action: 'scale', process: 'alpha', instances });
      assert.match(issues.join(), /instances: .*expected/);
    }
  });
});
