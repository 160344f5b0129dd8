import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { advance, beginning, ON_REQUEST, waitingFor } from './advance.js';
import { type StoredMember, type StoredPlacement, type StoredState, worksFor } from './stored-placement.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:01:00Z');
const START_MS = 60_000;

const process = (name: string, ...hosts: string[]) => ({ name, hosts, endpoints: [] });
const ALONE: StoredState = {
  topology: 'monolith',
  version: 3,
  processes: [process('all', 'gateway', 'alpha', 'beta')],
};
const APART: StoredState = {
  topology: 'monolith',
  version: 4,
  processes: [process('all', 'gateway', 'alpha'), process('beta', 'beta')],
};

const member = (name: string, step: number, more: Partial<StoredMember> = {}): StoredMember => ({
  process: name,
  pid: 1,
  address: '127.0.0.1',
  httpPort: 1,
  rpcPort: 2,
  loaded: name === 'all' ? ['gateway', 'alpha', 'beta'] : ['beta'],
  runs: [],
  version: 3,
  step,
  error: null,
  ...more,
});

describe('A change of a stored placement', () => {
  let stored: StoredPlacement;

  beforeEach(() => {
    stored = beginning({ placement: ALONE, step: 7, change: null }, 'move beta to own', APART, {
      now: NOW,
      startMs: START_MS,
    });
  });

  /** Goes on as long as nothing is waited for. */
  const goOn = (members: readonly StoredMember[], now = NOW): string | undefined => {
    for (let next = advance(stored, members, now); next; next = advance(stored, members, now)) stored = next;
    return stored.change?.stage;
  };
  const askBack = (): void => {
    if (stored.change) stored = { ...stored, change: { ...stored.change, wantsBack: true } };
  };
  const hosted = (name: string): readonly string[] => worksFor(stored, name);

  it('goes on in each stage when all that it concerns have followed', () => {
    assert.equal(goOn([member('all', 8)]), 'starting');
    assert.deepEqual(waitingFor(stored, [member('all', 8)]), ['beta: start it, 0 of 1 runs']);
    assert.equal(goOn([member('all', 8), member('beta', 7)]), 'starting');
    assert.deepEqual(hosted('beta'), ['beta']);
    assert.equal(stored.placement.version, 3);

    assert.equal(goOn([member('all', 8), member('beta', 8)]), 'moving');
    assert.deepEqual(stored.placement, APART);
    assert.deepEqual([hosted('all'), hosted('beta')], [['gateway', 'alpha', 'beta'], ['beta']]);
    assert.equal(goOn([member('all', 9), member('all', 8), member('beta', 9)]), 'moving');
    assert.deepEqual(waitingFor(stored, [member('all', 8), member('beta', 9)]), ['all']);

    // An instance whose key has vanished does not count any more.
    assert.equal(goOn([member('all', 9), member('beta', 9)]), 'draining');
    assert.deepEqual(hosted('all'), ['gateway', 'alpha']);
    assert.equal(goOn([member('all', 10), member('beta', 9)]), 'drained');
    assert.equal(stored.change?.endedAt, NOW.toISOString());
    assert.equal(advance(stored, [], LATER), undefined);
  });

  it('waits for processes that host nothing, too, since they call others', () => {
    goOn([member('all', 8), member('beta', 8)]);
    assert.equal(goOn([member('all', 9), member('beta', 9), member('spare', 8)]), 'moving');
  });

  it('keeps the former owner while no instance of the new one is there', () => {
    goOn([member('all', 8), member('beta', 8)]);
    assert.equal(goOn([member('all', 9)]), 'moving');
    assert.deepEqual(waitingFor(stored, [member('all', 9)]), ['beta: start it, 0 of 1 runs']);
  });

  it('is rolled back when nobody has started the new owner in time', () => {
    assert.equal(goOn([member('all', 8)]), 'starting');
    assert.equal(goOn([member('all', 8)], LATER), 'rolled back');
    assert.deepEqual(stored.placement, ALONE);
    assert.match(stored.change?.error ?? '', /PLACEMENT_START_MS\) for beta: start it/);
  });

  it('is rolled back when the new owner cannot begin, or has not the code', () => {
    const begun = stored;
    goOn([member('all', 8), member('beta', 8, { error: 'no database' })]);
    assert.equal(stored.change?.error, 'beta: no database');
    assert.deepEqual(hosted('beta'), []);
    assert.equal(goOn([member('all', 8), member('beta', 9)]), 'rolled back');
    stored = begun;
    goOn([member('beta', 8, { loaded: ['alpha'] })]);
    assert.equal(stored.change?.error, 'beta was started without the code of beta');
  });

  it('is rolled back on request before all are told, and takes the way back afterwards', () => {
    const begun = stored;
    askBack();
    goOn([member('all', 9), member('beta', 9)]);
    assert.deepEqual([stored.change?.stage, stored.change?.error], ['rolled back', ON_REQUEST]);
    assert.deepEqual(stored.placement, ALONE);
    stored = begun;
    goOn([member('all', 8), member('beta', 8)]);
    askBack();
    assert.equal(goOn([member('all', 9)]), 'starting');
    assert.equal(stored.change?.what, 'roll back move beta to own');
    assert.deepEqual(hosted('all'), ['gateway', 'alpha', 'beta']);
    assert.equal(goOn([member('all', 10)]), 'moving');
    assert.deepEqual(stored.placement, { ...ALONE, version: 5 });
  });

  it('takes the way back when it is asked for while the former owner ends what it has', () => {
    goOn([member('all', 8), member('beta', 8)]);
    goOn([member('all', 9), member('beta', 9)]);
    askBack();
    assert.equal(goOn([member('all', 9), member('beta', 9)]), 'draining');
    assert.equal(goOn([member('all', 10), member('beta', 9)]), 'starting');
  });
});
