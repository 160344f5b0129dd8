import Stripe from 'stripe';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  MethodUnknown,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
} from '../domain/payment-provider.js';

export interface StripeOptions {
  readonly secretKey: string;
  readonly timeoutMs: number;
  /** Another address than Stripe's own, such as a stand-in for tests. */
  readonly apiUrl?: string | undefined;
}

/** Charges through Stripe's payment intents. */
export class StripeProvider extends PaymentProvider {
  private readonly stripe: Stripe;

  constructor({ secretKey, timeoutMs, apiUrl }: StripeOptions) {
    super();
    const url = apiUrl === undefined ? undefined : new URL(apiUrl);
    this.stripe = new Stripe(secretKey, {
      timeout: timeoutMs,
      // Who calls us decides about another try.
      maxNetworkRetries: 0,
      telemetry: false,
      ...(url && {
        host: url.hostname,
        port: url.port || (url.protocol === 'https:' ? '443' : '80'),
        protocol: url.protocol === 'https:' ? 'https' : 'http',
      }),
    });
  }

  async charge(order: ChargeOrder): Promise<ChargeResult> {
    try {
      return await this.createIntent(order);
    } catch (error) {
      return afterFailure(error);
    }
  }

  /**
   * Stripe answers a repeated request with the same idempotency key from its record, for 24 hours at least. So the way
   * to ask is to repeat the charge: when the first request arrived this tells its outcome, and when it did not, this
   * one takes its place under the same key. Searching by metadata would be behind by up to a minute.
   */
  async findCharge(order: ChargeOrder): Promise<ChargeResult | undefined> {
    try {
      return await this.charge(order);
    } catch (error) {
      throw error instanceof ChargeOutcomeUnknown ? new ProviderUnavailable(error.message) : error;
    }
  }

  async refund({ key, reference, amountMinor }: RefundOrder): Promise<void> {
    try {
      await this.stripe.refunds.create(
        { payment_intent: reference, amount: amountMinor },
        { idempotencyKey: key },
      );
    } catch (error) {
      if (
        error instanceof Stripe.errors.StripeInvalidRequestError &&
        error.code === 'charge_already_refunded'
      )
        return;
      throw new ProviderUnavailable(messageOf(error));
    }
  }

  private async createIntent({ key, amountMinor, currency, method }: ChargeOrder): Promise<ChargeResult> {
    const intent = await this.stripe.paymentIntents.create(
      {
        amount: amountMinor,
        currency: currency.toLowerCase(),
        payment_method: method,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        confirm: true,
        metadata: { charge_key: key },
      },
      { idempotencyKey: key },
    );
    return toResult(intent);
  }
}

function toResult(intent: Stripe.PaymentIntent): ChargeResult {
  if (intent.status === 'succeeded') return { outcome: 'captured', reference: intent.id };
  return { outcome: 'declined', reason: intent.last_payment_error?.decline_code ?? intent.status };
}

/** A decline is an answer; everything else says how far the request came. */
function afterFailure(error: unknown): ChargeResult {
  if (error instanceof Stripe.errors.StripeCardError) {
    return { outcome: 'declined', reason: error.decline_code ?? error.code ?? 'card_declined' };
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'payment_method') {
    throw new MethodUnknown('The payment method is not known to the provider');
  }
  const refusedUnread =
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError ||
    error instanceof Stripe.errors.StripeInvalidRequestError;
  if (refusedUnread) throw new ProviderUnavailable(messageOf(error));
  // A lost connection, a time-out or a fault of Stripe's leaves open whether the charge was made.
  throw new ChargeOutcomeUnknown(messageOf(error));
}

/** The kind of the error alone: Stripe's messages may quote keys and card data. */
function messageOf(error: unknown): string {
  return error instanceof Stripe.errors.StripeError
    ? `${error.type} ${error.code ?? ''}`.trim()
    : 'no answer';
}
