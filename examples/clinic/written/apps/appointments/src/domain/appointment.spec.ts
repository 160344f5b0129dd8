import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAppointment, feeMinor } from './appointment.js';

const WISH = {
  doctorId: 'a-doctor',
  startsAt: new Date('2030-01-02T09:00:00Z'),
  minutes: 30,
  note: ' a cough ',
};

describe('A new appointment', () => {
  const one = createAppointment('a-user', WISH, new Date());

  it('holds the time that was wished', () => {
    assert.equal(one.endsAt.toISOString(), '2030-01-02T09:30:00.000Z');
    assert.deepEqual([one.status, one.note], ['held', 'a cough']);
  });

  it('costs by its length', () => assert.equal(feeMinor(one), 6_000));
});
