/** What a payment provider tells unasked: that something about a charge or a refund may have changed. */
export interface ProviderNotice {
  /** The provider's id of the notice; a repetition has the same. */
  readonly id: string;
  /** The provider's name for what has happened, such as `payment_intent.succeeded`. */
  readonly type: string;
  readonly about: 'charge' | 'refund';
  /** The key that the charge or refund was ordered with; null when it was not ordered by this system. */
  readonly key: string | null;
}

/** The notice is not from the provider, or not for this account. */
export class NoticeRefused extends Error {
  override readonly name = 'NoticeRefused';
}

/** Reads the notices of a provider. */
export abstract class ProviderNotices {
  /** Whether the provider sends notices at all. */
  abstract readonly isOpen: boolean;

  /**
   * @param body as it was received
   * @returns undefined for notices of other kinds
   * @throws NoticeRefused
   */
  abstract read(body: Buffer, signature: string | undefined): Promise<ProviderNotice | undefined>;
}

/** For a provider that sends none. */
export class NoNotices extends ProviderNotices {
  readonly isOpen = false;

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
