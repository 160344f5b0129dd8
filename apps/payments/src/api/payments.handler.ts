import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import { Money } from '#contracts/money';
import type {
  ChargeRequest,
  ChargeResponse,
  GetActionRequest,
  GetActionResponse,
  Payments,
  RefundOrderRequest,
  RefundOrderResponse,
} from '#contracts/payments';
import { Id } from '@fissile/kit/http';
import { type ChargeRequest as Charge, ChargeService } from '../charge.service.js';
import { PaymentRepository } from '../data/payment-repository.js';
import { OrderRefundService } from '../order-refund.service.js';

const ChargeSchema = z.object({
  orderId: Id,
  userId: Id,
  amount: Money,
  method: z.string().min(1).max(100),
  mayNeedAction: z.boolean(),
});

/** The contract that other contexts call. */
@Injectable()
export class PaymentsHandler implements Implementation<typeof Payments> {
  constructor(
    private readonly charges: ChargeService,
    private readonly payments: PaymentRepository,
    private readonly refunds: OrderRefundService,
  ) {}

  async charge(request: ChargeRequest): Promise<ChargeResponse> {
    const { id: paymentId, isPending } = await this.charges.charge(toCharge(request));
    return { paymentId, isPending };
  }

  async getAction({ orderId }: GetActionRequest): Promise<GetActionResponse> {
    requireId(orderId);
    const payment = await this.payments.findByOrder(orderId);
    if (payment?.status !== 'pending') return { paymentId: undefined, action: undefined };
    const { id: paymentId, action } = payment;
    if (!action) return { paymentId, action: undefined };
    const { type, clientSecret } = action;
    return { paymentId, action: { type, clientSecret: clientSecret ?? undefined } };
  }

  async refundOrder({ orderId, charge }: RefundOrderRequest): Promise<RefundOrderResponse> {
    requireId(orderId);
    return { paymentId: await this.refunds.refundOrder(orderId, charge && toCharge(charge)) };
  }
}

function requireId(orderId: string): void {
  if (!Id.safeParse(orderId).success) throw ContextError.of('validation_failed', 'orderId: expected a UUID');
}

function toCharge(request: ChargeRequest): Charge {
  const parsed = ChargeSchema.safeParse(request);
  if (!parsed.success) throw ContextError.of('validation_failed', z.prettifyError(parsed.error));
  const { amount, ...rest } = parsed.data;
  return { ...rest, ...amount };
}
