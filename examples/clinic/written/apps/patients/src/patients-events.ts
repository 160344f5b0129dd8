import { Injectable, type OnModuleInit } from '@nestjs/common';
import { patients } from '#contracts/patients';
import { type EventHandlers, Inbox } from '@fissile/kit/messaging';
import { MailPatientSaga } from './sagas/mail-patient.saga.js';

/** Handles the events of other contexts: what a handler writes and that it is done are one commit. */
@Injectable()
export class PatientsEvents implements OnModuleInit {
  constructor(
    private readonly inbox: Inbox,
    private readonly mail: MailPatientSaga,
  ) {}

  onModuleInit(): void {
    const handlers: EventHandlers<typeof patients> = {
      'appointments.booked.v1': async ({ data: { appointmentId, userId, startsAt } }, transaction) => {
        await this.mail.startWithin(transaction, { id: appointmentId, userId, startsAt });
      },
    };
    // The name stays: the inbox records handled events under it.
    this.inbox.subscribe(patients, 'patients', handlers);
  }
}
