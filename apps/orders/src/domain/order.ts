export type OrderStatus = 'pending' | 'confirmed' | 'cancelling' | 'cancelled';

/** Where an order may go from each status. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['cancelling'],
  cancelling: ['cancelled'],
  cancelled: [],
};

export const INITIAL_STATUS: OrderStatus = 'pending';

/** From which statuses an order may go to this one. */
export function statusesBefore(status: OrderStatus): OrderStatus[] {
  return (Object.keys(TRANSITIONS) as OrderStatus[]).filter((from) => TRANSITIONS[from].includes(status));
}

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** Why an order was cancelled; the code is one of the error catalogue's. */
export interface CancelReason {
  readonly code: string;
  readonly message: string;
}

export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
  readonly paymentId: string | null;
  readonly reason: CancelReason | null;
  /** The customer asked for cancellation while the order was being placed. */
  readonly cancelRequested: boolean;
  readonly confirmedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The order as it stood when its placement ended, whatever has happened to it since: only a confirmed order changes
 * again. A retried request is answered with it.
 */
export function asPlaced(order: Order): Order {
  if (!order.confirmedAt) return order;
  return { ...order, status: 'confirmed', reason: null, updatedAt: order.confirmedAt };
}
