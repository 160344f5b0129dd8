import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppointmentBooked, AppointmentCreated } from '#contracts/appointments';
import { Billing } from '#contracts/billing';
import { Outbox } from '@fissile/kit/messaging';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { AppointmentRepository } from '../data/appointment-repository.js';
import { type Appointment, feeMinor } from '../domain/appointment.js';

/** What the steps know: plain JSON. */
export interface BookAppointmentData {
  readonly appointmentId: string;
  readonly userId: string;
  readonly doctorId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly note: string;
  readonly createdAt: string;
  readonly card: string;
}

interface Parts {
  readonly appointments: AppointmentRepository;
  readonly outbox: Outbox;
  readonly billing: Billing;
}

export const bookAppointmentSaga = ({ appointments, outbox, billing }: Parts) =>
  defineSaga<BookAppointmentData>({
    name: 'book-appointment',
    version: 1,
    subject: ({ appointmentId }) => appointmentId,
    steps: (step) => [
      step.transaction('hold-time', {
        do: async (transaction, data) => {
          await appointments.insert(transaction, appointmentOf(data));
          const { appointmentId, userId } = data;
          outbox.add(transaction, AppointmentCreated, { appointmentId, userId });
        },
        undo: step.undoInTransaction('free-time', (transaction, { appointmentId }, { code }) =>
          appointments.cancel(transaction, appointmentId, code),
        ),
      }),
      step.call('charge', {
        // Whether the patient was charged is asked for, never guessed.
        retry: FOR_EVER,
        do: async (data) => {
          const { appointmentId: invoiceId, userId, note, card } = data;
          const amountMinor = feeMinor(appointmentOf(data));
          await billing.charge({ invoiceId, userId, note, amountMinor, card });
        },
        undo: step.undoByCall('refund', async ({ appointmentId: invoiceId, userId }) => {
          await billing.refund({ invoiceId, userId });
        }),
      }),
      step.transaction('book', {
        do: async (transaction, { appointmentId, userId, startsAt }) => {
          await appointments.book(transaction, appointmentId);
          outbox.add(transaction, AppointmentBooked, { appointmentId, userId, startsAt });
        },
        undo: noUndo('It is the last step'),
      }),
    ],
  });

function appointmentOf(data: BookAppointmentData): Appointment {
  const { appointmentId: id, userId, doctorId, startsAt, endsAt, note, createdAt } = data;
  const times = {
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    createdAt: new Date(createdAt),
  };
  return { id, userId, doctorId, note, status: 'held', reason: null, ...times };
}

@Injectable()
export class BookAppointmentSaga implements OnModuleInit {
  private readonly definition: ReturnType<typeof bookAppointmentSaga>;

  constructor(
    private readonly engine: SagaEngine,
    appointments: AppointmentRepository,
    outbox: Outbox,
    billing: Billing,
  ) {
    this.definition = bookAppointmentSaga({ appointments, outbox, billing });
  }

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /** Returns the id of the saga as soon as the time is held. @throws ContextError slot_taken */
  start({ id: appointmentId, ...appointment }: Appointment, card: string): Promise<string> {
    const { userId, doctorId, note } = appointment;
    const startsAt = appointment.startsAt.toISOString();
    const endsAt = appointment.endsAt.toISOString();
    const createdAt = appointment.createdAt.toISOString();
    return this.engine.start(this.definition, {
      appointmentId,
      userId,
      doctorId,
      note,
      card,
      startsAt,
      endsAt,
      createdAt,
    });
  }
}
