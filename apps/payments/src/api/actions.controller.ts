import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import { ApiProblems, Id, SignedIn } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { PaymentRepository } from '../data/payment-repository.js';
import { PaymentsSettings } from '../payments.settings.js';
import { PendingPayments } from '../pending-payments.js';
import { SandboxCustomer } from '../providers/sandbox-customer.js';
import { PaymentResource, toResource } from './payment.resource.js';

const AnswerBody = z
  .strictObject({ approve: z.boolean() })
  .meta({ id: 'SandboxAnswer', example: { approve: true } });

/** What customers do about a payment that needs them. At a real provider they do it there. */
@ApiTags('Payments')
@Controller('api/payments')
export class ActionsController {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly pending: PendingPayments,
    private readonly customer: SandboxCustomer,
    private readonly settings: PaymentsSettings,
  ) {}

  @Post(':id/sandbox-action')
  @SignedIn()
  @HttpCode(200)
  @ApiOperation({
    summary: "Answer the bank's question about a payment of the sandbox",
    description: 'Only with the sandbox, which moves no money: a payment with `pm_card_action` waits for it.',
  })
  @ApiResponse({ status: 200, description: 'The payment', standardSchema: PaymentResource })
  @ApiProblems('validation_failed', 'not_found', 'payment_not_found')
  async answer(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AnswerBody }) { approve }: z.output<typeof AnswerBody>,
  ): Promise<PaymentResource> {
    if (this.settings.PAYMENT_PROVIDER !== 'sandbox') throw ContextError.of('not_found');
    const payment = await this.payments.find(id);
    if (payment?.userId !== caller.userId) throw ContextError.of('payment_not_found');
    await this.customer.answer(payment.orderId, approve);
    return toResource(await this.pending.settle(payment), caller);
  }
}
