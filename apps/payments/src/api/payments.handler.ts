import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import { Money } from '#contracts/money';
import type {
  ChargeRequest,
  ChargeResponse,
  Payments,
  RefundOrderRequest,
  RefundOrderResponse,
} from '#contracts/payments';
import { Id } from '@fissile/kit/http';
import { type ChargeRequest as Charge, ChargeService } from '../charge.service.js';
import { OrderRefundService } from '../order-refund.service.js';

const ChargeSchema = z.object({ orderId: Id, userId: Id, amount: Money, method: z.string().min(1).max(100) });

/** The contract that other contexts call. */
@Injectable()
export class PaymentsHandler implements Implementation<typeof Payments> {
  constructor(
    private readonly charges: ChargeService,
    private readonly refunds: OrderRefundService,
  ) {}

  async charge(request: ChargeRequest): Promise<ChargeResponse> {
    return { paymentId: await this.charges.charge(toCharge(request)) };
  }

  async refundOrder({ orderId, charge }: RefundOrderRequest): Promise<RefundOrderResponse> {
    if (!Id.safeParse(orderId).success)
      throw ContextError.of('validation_failed', 'orderId: expected a UUID');
    return { paymentId: await this.refunds.refundOrder(orderId, charge && toCharge(charge)) };
  }
}

function toCharge(request: ChargeRequest): Charge {
  const parsed = ChargeSchema.safeParse(request);
  if (!parsed.success) throw ContextError.of('validation_failed', z.prettifyError(parsed.error));
  const { amount, ...rest } = parsed.data;
  return { ...rest, ...amount };
}
