export interface ChargeOrder {
  /** The idempotency key: the same key is charged once, however often it is sent. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  /** The reference of the charge, when it is known. */
  readonly reference?: string | null;
  /** Whether the customer can be asked to act; otherwise a charge that needs it is declined. */
  readonly mayNeedAction?: boolean;
}

/** What the customer must do before a charge is made, such as to answer the bank's challenge (3-D Secure). */
export interface CustomerAction {
  /** The provider's name for it, such as `use_stripe_sdk`, which tells the client how to carry it out. */
  readonly type: string;
  /** Lets the client carry it out at the provider; for the customer alone. */
  readonly clientSecret: string | null;
}

export type ChargeResult =
  | { readonly outcome: 'captured'; readonly reference: string }
  | { readonly outcome: 'declined'; readonly reason: string }
  /** Neither charged nor declined yet. @param action null when it is the provider's turn */
  | { readonly outcome: 'pending'; readonly reference: string; readonly action: CustomerAction | null };

/** The outcome of a refund that is not under way any more. */
export type RefundResult =
  { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly reason: string };

export interface RefundOrder {
  /** The idempotency key: the same key is refunded once, however often it is sent. */
  readonly key: string;
  /** The reference of the charge. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** The request was sent and no response came: whether the customer was charged is unknown. */
export class ChargeOutcomeUnknown extends Error {
  override readonly name = 'ChargeOutcomeUnknown';
}

/** The provider did not execute the request; a retry may succeed. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The provider does not know the payment method. */
export class MethodUnknown extends Error {
  override readonly name = 'MethodUnknown';
}

/** The provider has refused a refund, or the customer's bank has: the same again will not succeed. */
export class RefundRefused extends Error {
  override readonly name = 'RefundRefused';
}

/** The payment provider. Each call ends by itself, by time-out if necessary. */
export abstract class PaymentProvider {
  /**
   * Authorises and captures.
   * @throws ChargeOutcomeUnknown, ProviderUnavailable, MethodUnknown
   */
  abstract charge(order: ChargeOrder): Promise<ChargeResult>;

  /**
   * Returns the outcome of a charge, or that it is pending; undefined when it was not made. Moves no money.
   * @throws ProviderUnavailable
   */
  abstract findCharge(order: ChargeOrder): Promise<ChargeResult | undefined>;

  /**
   * Voids a charge: returns its outcome, or undefined when it was not made and, from now on, cannot be. A request
   * that is still in flight to the provider is declined when it arrives.
   * @throws ProviderUnavailable
   */
  abstract abandon(order: ChargeOrder): Promise<ChargeResult | undefined>;

  /**
   * Refunds a charge, in part or completely.
   * @throws ProviderUnavailable, also when the outcome is unknown: the same key can be retried
   * @throws RefundRefused
   */
  abstract refund(order: RefundOrder): Promise<void>;

  /**
   * Returns the outcome of a refund; undefined when it was never made. Moves no money.
   * @throws ProviderUnavailable
   */
  abstract findRefund(order: Pick<RefundOrder, 'key' | 'reference'>): Promise<RefundResult | undefined>;
}
