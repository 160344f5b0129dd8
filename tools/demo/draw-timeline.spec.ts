import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawTimeline } from './draw-timeline.js';

describe('drawTimeline', () => {
  it('shows what was done, what failed and what was taken back', () => {
    const at = (ms: number) => new Date(ms).toISOString();
    const ofSaga = { saga: 'place-order', sagaId: '0197d3b5-7f00-7000-8000-000000000000' };
    const step = { ...ofSaga, attempt: 1, status: 'done' as const, error: null };
    const picture = drawTimeline({
      status: 'compensated',
      steps: [
        { ...step, name: 'create-order', kind: 'do', startedAt: at(0), endedAt: at(4) },
        {
          ...step,
          name: 'reserve-inventory',
          kind: 'do',
          attempt: 2,
          status: 'failed',
          startedAt: at(4),
          endedAt: at(9),
          error: 'stock_insufficient',
        },
        { ...step, name: 'cancel-order', kind: 'undo', startedAt: at(9), endedAt: at(10) },
      ],
    });
    assert.deepEqual(
      picture.split('\n').map((line) => line.trim().replace(/\s+/g, ' ')),
      [
        '✔ ──▶ create-order 4 ms',
        '✘ ──▶ reserve-inventory 5 ms (attempt 2) stock_insufficient',
        '✔ ◀── cancel-order 1 ms',
        'compensated',
      ],
    );
  });
});
