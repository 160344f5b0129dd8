import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Users } from '#contracts/users';
import type { Transaction } from '@fissile/kit/database';
import { MailSettings } from '@fissile/kit/mail';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { MailPatientRecords } from '../data/mail-patient-records.js';
import { sendMail } from '../mail.js';

/** What the steps know: plain JSON. */
export interface MailPatientData {
  readonly id: string;
  readonly userId: string;
  readonly startsAt: string;
}

export const mailPatientSaga = (
  records: MailPatientRecords,
  send: (data: MailPatientData) => Promise<void>,
) =>
  defineSaga<MailPatientData>({
    name: 'mail-patient',
    version: 1,
    subject: ({ id }) => id,
    steps: (step) => [
      step.transaction('begin', {
        do: (transaction, { id }) => records.begin(transaction, id),
        undo: step.undoInTransaction('cancel', (transaction, { id }, { code }) =>
          records.cancel(transaction, id, code),
        ),
      }),
      step.call('send', { retry: FOR_EVER, do: send, undo: noUndo('A mail cannot be called back') }),
      step.transaction('complete', {
        do: (transaction, { id }) => records.complete(transaction, id),
        undo: noUndo('It is the last step'),
      }),
    ],
  });

@Injectable()
export class MailPatientSaga implements OnModuleInit {
  private readonly definition: ReturnType<typeof mailPatientSaga>;

  constructor(
    private readonly engine: SagaEngine,
    private readonly users: Users,
    private readonly settings: MailSettings,
    records: MailPatientRecords,
  ) {
    this.definition = mailPatientSaga(records, (data) => this.send(data));
  }

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /** Starts with the commit of the transaction. */
  async startWithin(transaction: Transaction, data: MailPatientData): Promise<void> {
    await this.engine.startWithin(transaction, this.definition, data);
  }

  private async send({ id, userId, startsAt }: MailPatientData): Promise<void> {
    const { email, name, emailVerified } = await this.users.getContact({ userId });
    // Whoever registered the address may have chosen the name.
    if (emailVerified === false) return;
    const text = `Dear ${name},\n\nwe expect you at ${startsAt}.\n`;
    await sendMail(this.settings, { id, to: email, subject: 'Your appointment is booked', text });
  }
}
