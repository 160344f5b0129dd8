import { Controller, Get, Query } from '@nestjs/common';
import { RequiredTextPipe } from '../common/required-text.pipe.js';
import { BillingService } from './billing.service.js';

@Controller('invoices')
export class BillingController {
  constructor(private readonly billing: BillingService) {}

  @Get()
  async list(@Query('student', RequiredTextPipe) student: string): Promise<object> {
    const invoices = await this.billing.invoicesOf(student);
    return invoices.map(({ id, enrolmentId, amount }) => ({ id, enrolmentId, amount }));
  }
}
