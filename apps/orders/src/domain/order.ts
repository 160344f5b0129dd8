/** In the order in which lists of them are shown. */
export const ORDER_STATUSES = [
  'pending',
  'confirmed',
  'cancelling',
  'cancelled',
  'shipping',
  'shipped',
  'returning',
  'returned',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses that an order can change to, by its current status. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['cancelling', 'shipping'],
  cancelling: ['cancelled'],
  cancelled: [],
  shipping: ['shipped'],
  shipped: ['returning'],
  returning: ['returned'],
  returned: [],
};

export const INITIAL_STATUS: OrderStatus = 'pending';

/** The statuses from which an order can change to this one. */
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
  /** The customer requested cancellation while the placement was running. */
  readonly cancelRequested: boolean;
  readonly confirmedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The order as it was when its placement ended, whatever has changed since: only a confirmed order changes again. A
 * retried request returns it.
 */
export function asPlaced(order: Order): Order {
  if (!order.confirmedAt) return order;
  return { ...order, status: 'confirmed', reason: null, updatedAt: order.confirmedAt };
}
