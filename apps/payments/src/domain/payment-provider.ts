export interface ChargeOrder {
  /** The idempotency key: the same key is charged once, however often it is sent. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
}

export type ChargeResult =
  | { readonly outcome: 'captured'; readonly reference: string }
  | { readonly outcome: 'declined'; readonly reason: string };

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

/** The payment provider. Each call ends by itself, by time-out if necessary. */
export abstract class PaymentProvider {
  /**
   * Authorises and captures.
   * @throws ChargeOutcomeUnknown, ProviderUnavailable, MethodUnknown
   */
  abstract charge(order: ChargeOrder): Promise<ChargeResult>;

  /**
   * Returns the outcome of a charge; undefined when it was not made. Moves no money.
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
   */
  abstract refund(order: RefundOrder): Promise<void>;
}
