/** The parts of the API's resources that the tools look at. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

export interface User {
  readonly id: string;
  readonly email: string;
}

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly price: Money;
  readonly status: 'active' | 'discontinued';
}

export interface Stock {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: 'pending' | 'confirmed' | 'cancelling' | 'cancelled';
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly unitPrice: Money;
    readonly lineTotal: Money;
  }[];
  readonly total: Money;
  readonly paymentId: string | null;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly status: 'pending' | 'captured' | 'declined' | 'refunded' | 'unknown';
  readonly refunds: readonly { readonly amount: Money }[];
}

export interface Timeline {
  readonly status: string;
  readonly steps: readonly {
    readonly name: string;
    readonly kind: 'do' | 'undo';
    readonly attempt: number;
    readonly status: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly error: string | null;
  }[];
}

export interface Saga {
  readonly id: string;
  readonly context: string;
  readonly name: string;
  readonly status: string;
  readonly subject: string;
}

export interface DeadLetter {
  readonly id: string;
  readonly context: string;
  readonly type: string;
  readonly reason: string;
  readonly createdAt: string;
}
