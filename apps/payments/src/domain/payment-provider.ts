export interface ChargeOrder {
  /** The same key is charged once, however often it is asked. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
}

export type ChargeResult =
  | { readonly outcome: 'captured'; readonly reference: string }
  | { readonly outcome: 'declined'; readonly reason: string };

export interface RefundOrder {
  /** The same key is refunded once, however often it is asked. */
  readonly key: string;
  /** Of the charge. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** The request went out and no answer came: whether the customer was charged is not known. */
export class ChargeOutcomeUnknown extends Error {
  override readonly name = 'ChargeOutcomeUnknown';
}

/** The provider did not do it, and may do it later. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The provider does not know the payment method. */
export class MethodUnknown extends Error {
  override readonly name = 'MethodUnknown';
}

/** Whoever moves the money. Each call ends by itself, with a time-out if need be. */
export abstract class PaymentProvider {
  /**
   * Authorises and captures.
   * @throws ChargeOutcomeUnknown, ProviderUnavailable, MethodUnknown
   */
  abstract charge(order: ChargeOrder): Promise<ChargeResult>;

  /**
   * What became of a charge; undefined when it was not made. Moves no money.
   * @throws ProviderUnavailable
   */
  abstract findCharge(order: ChargeOrder): Promise<ChargeResult | undefined>;

  /**
   * Gives a charge up: what became of it, or undefined when it was not made and, from now on, cannot be. A request that
   * is still on its way to the provider is declined when it arrives.
   * @throws ProviderUnavailable
   */
  abstract abandon(order: ChargeOrder): Promise<ChargeResult | undefined>;

  /**
   * Gives back a part of a charge, or all of it.
   * @throws ProviderUnavailable, also when it is not known whether it was done: the same key can be asked again
   */
  abstract refund(order: RefundOrder): Promise<void>;
}
