import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  AdminOnly,
  SignedIn,
  ApiProblems,
  Id,
  IdempotencyKey,
  type Page,
  pageOf,
  readCursor,
  toPage,
} from '@fissile/kit/http';
import { CurrentUser, isAdmin, ownerFilter } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import type { Caller } from '@fissile/kit/request';
import { PaymentRepository } from '../data/payment-repository.js';
import { RefundService } from '../refund.service.js';
import {
  PaymentResource,
  PaymentsQuery,
  RefundBody,
  RefundResource,
  toRefundResource,
  toResource,
} from './payment.resource.js';

@ApiTags('Payments')
@Controller('api/payments')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundService,
  ) {}

  @Get()
  @SignedIn()
  @ApiOperation({ summary: 'List payments, newest first', description: 'Yours; an admin sees all.' })
  @ApiResponse({ status: 200, description: 'A page of payments', standardSchema: pageOf(PaymentResource) })
  @ApiProblems('validation_failed', 'forbidden')
  async list(
    @CurrentUser() caller: Caller,
    @Query({ schema: PaymentsQuery }) query: z.output<typeof PaymentsQuery>,
  ): Promise<Page<PaymentResource>> {
    const { limit, cursor, sort, ...filter } = query;
    const payments = await this.payments.list(
      { ...filter, userId: ownerFilter(caller, filter.userId) },
      { limit: limit + 1, cursor: readCursor(cursor, Id), oldestFirst: sort === 'oldest' },
    );
    return toPage(
      payments.map((payment) => toResource(payment, caller)),
      limit,
      ({ id }) => id,
    );
  }

  @Get(':id')
  @SignedIn()
  @ApiOperation({ summary: 'Read a payment' })
  @ApiResponse({ status: 200, description: 'The payment', standardSchema: PaymentResource })
  @ApiProblems('validation_failed', 'payment_not_found')
  async read(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
  ): Promise<PaymentResource> {
    const payment = await this.payments.find(id);
    if (!payment || (payment.userId !== caller.userId && !isAdmin(caller)))
      throw ContextError.of('payment_not_found');
    return toResource(payment, caller);
  }

  @Post(':id/refunds')
  @AdminOnly()
  @ApiOperation({
    summary: 'Give money back',
    description:
      'A refund that is answered is certain, also when the provider takes its time to carry it out.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes it safe to send the request again',
  })
  @ApiResponse({ status: 201, description: 'The refund', standardSchema: RefundResource })
  @ApiProblems('validation_failed', 'payment_not_found', 'payment_not_refundable', 'refund_exceeds_payment')
  @ApiProblems('idempotency_key_reused')
  async refund(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) paymentId: string,
    @Body({ schema: RefundBody }) body: z.output<typeof RefundBody>,
    @IdempotencyKey() key: string | undefined,
  ): Promise<z.output<typeof RefundResource>> {
    const request = key === undefined ? null : { key, hash: hashOf(body) };
    const { amountMinor, reason = null } = body;
    const refund = await this.refunds.refund({ paymentId, amountMinor, reason, request });
    return toRefundResource(refund, refund.currency, caller);
  }

  @Post(':id/refunds/:refundId/retry')
  @HttpCode(200)
  @AdminOnly()
  @ApiOperation({
    summary: 'Try a failed refund again',
    description: 'A refund fails when the provider, or the bank of the customer, refuses it for good.',
  })
  @ApiResponse({ status: 200, description: 'The payment', standardSchema: PaymentResource })
  @ApiProblems('validation_failed', 'payment_not_found', 'refund_not_failed', 'refund_exceeds_payment')
  retry(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) paymentId: string,
    @Param('refundId', { schema: Id }) refundId: string,
  ): Promise<PaymentResource> {
    return this.decide(caller, { paymentId, refundId, decision: 'retry' });
  }

  @Post(':id/refunds/:refundId/settle')
  @HttpCode(200)
  @AdminOnly()
  @ApiOperation({
    summary: 'Record that a failed refund was paid in another way',
    description: 'Such as by a transfer. Nothing is sent to the provider.',
  })
  @ApiResponse({ status: 200, description: 'The payment', standardSchema: PaymentResource })
  @ApiProblems('validation_failed', 'payment_not_found', 'refund_not_failed', 'refund_exceeds_payment')
  settle(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) paymentId: string,
    @Param('refundId', { schema: Id }) refundId: string,
  ): Promise<PaymentResource> {
    return this.decide(caller, { paymentId, refundId, decision: 'settle' });
  }

  private async decide(
    caller: Caller,
    { paymentId, refundId, decision }: { paymentId: string; refundId: string; decision: 'retry' | 'settle' },
  ): Promise<PaymentResource> {
    return toResource(await this.refunds.decide(paymentId, refundId, decision), caller);
  }
}

function hashOf({ amountMinor, reason }: z.output<typeof RefundBody>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([amountMinor ?? null, reason ?? null]))
    .digest();
}
