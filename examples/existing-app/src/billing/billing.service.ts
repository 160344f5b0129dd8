import { Injectable, UnprocessableEntityException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { Repository } from 'typeorm';
import { Invoice } from './invoice.entity.js';

const MOST = 1_000_000;

@Injectable()
export class BillingService {
  constructor(@InjectRepository(Invoice) private readonly invoices: Repository<Invoice>) {}

  /** Bills an enrolment in the transaction of the caller. */
  async createInvoice(
    manager: EntityManager,
    { enrolmentId, student, amount }: { enrolmentId: string; student: string; amount: number },
  ): Promise<void> {
    if (amount > MOST) throw new UnprocessableEntityException('The amount is too high');
    await manager.insert(Invoice, { enrolmentId, student, amount: String(amount) });
  }

  invoicesOf(student: string): Promise<Invoice[]> {
    return this.invoices.find({ where: { student }, order: { id: 'ASC' } });
  }
}
