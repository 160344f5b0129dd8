import { Injectable } from '@nestjs/common';
import { Doctors } from '#contracts/doctors';
import { SagaEngine } from '@fissile/kit/saga';
import { AppointmentRepository } from './data/appointment-repository.js';
import { type Appointment, createAppointment, type Wish } from './domain/appointment.js';
import { BookAppointmentSaga } from './sagas/book-appointment.saga.js';

/** How long a request waits for the end of the booking before it answers. */
const ANSWER_WITHIN_MS = 5_000;

/** Books appointments. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly doctors: Doctors,
    private readonly saga: BookAppointmentSaga,
    private readonly engine: SagaEngine,
  ) {}

  /** @throws ContextError not_found for an unknown doctor, slot_taken */
  async book(userId: string, wish: Wish, card: string): Promise<Appointment> {
    await this.doctors.getDoctor({ doctorId: wish.doctorId });
    const wished = createAppointment(userId, wish, new Date());
    await this.engine.waitForEnd(await this.saga.start(wished, card), ANSWER_WITHIN_MS);
    return (await this.appointments.find(wished.id)) ?? wished;
  }
}
