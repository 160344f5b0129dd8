import { Injectable } from '@nestjs/common';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import { InvoiceRepository } from './data/invoice-repository.js';

const PER_PAGE = 100;

/** What this context keeps of a person. The books need the invoices, which name the person by an id alone. */
@Injectable()
export class InvoicePersonalRecords extends PersonalRecords {
  constructor(private readonly invoices: InvoiceRepository) {
    super();
  }

  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.invoices.list(userId, PER_PAGE + 1, olderThan);
    const invoices = found.slice(0, PER_PAGE);
    const nextCursor = found.length > PER_PAGE ? invoices.at(-1)?.id : undefined;
    return { records: { invoices }, nextCursor };
  }

  async forgetPerson(userId: string): Promise<void> {
    await this.invoices.deleteNotesOf(userId);
  }
}
