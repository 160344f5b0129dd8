import { Injectable, Logger } from '@nestjs/common';
import { type GetActionResponse, Payments } from '#contracts/payments';
import { Sagas } from '@fissile/kit/saga';
import type { Order } from './domain/order.js';
import { PlaceOrderSaga } from './sagas/place-order.saga.js';

/** What the customer of a pending order must do about its payment. */
export interface AwaitedAction {
  readonly paymentId: string;
  readonly action: NonNullable<GetActionResponse['action']>;
}

/** Finds what the customer must do; payments keeps it, since it lets one carry out the payment. */
@Injectable()
export class AwaitedActions {
  private readonly logger = new Logger(AwaitedActions.name);

  constructor(
    private readonly sagas: Sagas,
    private readonly payments: Payments,
  ) {}

  /** Undefined when there is nothing to do, or payments cannot tell now. */
  async find({ id: orderId, status }: Order): Promise<AwaitedAction | undefined> {
    if (status !== 'pending') return undefined;
    const placements = await this.sagas.bySubject(orderId);
    if (!placements.some((saga) => PlaceOrderSaga.awaitsCustomer(saga))) return undefined;
    try {
      const { paymentId, action } = await this.payments.getAction({ orderId });
      return paymentId === undefined || action === undefined ? undefined : { paymentId, action };
    } catch (error) {
      this.logger.debug(`order ${orderId}: payments cannot tell what its customer must do: ${String(error)}`);
      return undefined;
    }
  }
}
