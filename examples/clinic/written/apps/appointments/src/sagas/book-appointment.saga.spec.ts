import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
// Makes the error slot_taken known.
import '#contracts/appointments';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { AppointmentEntity } from '../data/appointment.entity.js';
import { AppointmentRepository } from '../data/appointment-repository.js';
import { CreateAppointments0000000000000 } from '../data/appointments.migration.js';
import { createAppointment } from '../domain/appointment.js';

const USER = randomUUID();
const wish = (doctorId: string, time: string) =>
  createAppointment(
    USER,
    { doctorId, startsAt: new Date(`2030-01-02T${time}Z`), minutes: 30, note: 'a cough' },
    new Date(),
  );

describe('The time of a doctor', () => {
  let opened: TestDatabase;
  let appointments: AppointmentRepository;

  before(async () => {
    opened = await openTestDatabase({
      entities: [AppointmentEntity],
      migrations: [CreateAppointments0000000000000],
    });
    appointments = new AppointmentRepository(opened.database);
  });

  after(() => opened.close());

  async function hold(doctorId: string, time: string): Promise<string> {
    const wished = wish(doctorId, time);
    await opened.database.transaction((transaction) => appointments.insert(transaction, wished));
    return wished.id;
  }

  it('is held once, by a constraint of the database', async () => {
    const doctor = randomUUID();
    await hold(doctor, '09:00:00');
    await assert.rejects(hold(doctor, '09:29:00'), { code: 'slot_taken' });
    await hold(doctor, '09:30:00');
    await hold(randomUUID(), '09:00:00');
  });

  it('is free again when its appointment is cancelled, which says why', async () => {
    const doctor = randomUUID();
    const id = await hold(doctor, '09:00:00');
    await opened.database.transaction((transaction) => appointments.cancel(transaction, id, 'card_declined'));
    await hold(doctor, '09:00:00');
    const cancelled = await appointments.find(id);
    assert.deepEqual([cancelled?.status, cancelled?.reason], ['cancelled', 'card_declined']);
  });
});
