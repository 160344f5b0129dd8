import Stripe from 'stripe';
import { fetchOnce } from './fetch-once.js';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  type CustomerAction,
  MethodUnknown,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
  RefundRefused,
  type RefundResult,
} from '../domain/payment-provider.js';

export interface StripeOptions {
  readonly secretKey: string;
  readonly timeoutMs: number;
  /** A URL other than Stripe's own, such as that of a fake for tests. */
  readonly apiUrl?: string | undefined;
}

/**
 * Charges through Stripe's payment intents, in two requests: one creates the intent, which moves no money and can be
 * repeated with its idempotency key to get the intent's id again; the other confirms it, which Stripe lets succeed
 * once. So there is always an intent to query and to cancel. Stripe may forget idempotency keys after 24 hours; from
 * then on the intent is found by its metadata, which Stripe's search indexes after a minute at most. Where the customer
 * has to act (3-D Secure), the intent waits for that, with a secret by which the client carries it out.
 */
export class StripeProvider extends PaymentProvider {
  private readonly stripe: Stripe;

  constructor({ secretKey, timeoutMs, apiUrl }: StripeOptions) {
    super();
    const url = apiUrl === undefined ? undefined : new URL(apiUrl);
    this.stripe = new Stripe(secretKey, {
      timeout: timeoutMs,
      // The caller decides about retries.
      maxNetworkRetries: 0,
      telemetry: false,
      // Unlike the client over Node's own http, its time-out covers the whole response, even one that keeps
      // trickling.
      httpClient: Stripe.createFetchHttpClient(fetchOnce),
      ...(url && {
        host: url.hostname,
        port: url.port || (url.protocol === 'https:' ? '443' : '80'),
        protocol: url.protocol === 'https:' ? 'https' : 'http',
      }),
    });
  }

  async charge(order: ChargeOrder): Promise<ChargeResult> {
    const opened = await this.open(order);
    if (opened.refused !== undefined) return { outcome: 'declined', reason: opened.refused };
    const { intent } = opened;
    // Nothing is paid yet, so the charge can be declined.
    if (intent.status !== 'succeeded' && !isFor(intent, order))
      return { outcome: 'declined', reason: 'amount_differs' };
    if (intent.status === 'canceled') return { outcome: 'declined', reason: 'abandoned' };
    return resultOf(intent, order) ?? this.confirm(intent.id, order);
  }

  async findCharge(order: ChargeOrder): Promise<ChargeResult | undefined> {
    const intent = await this.find(order);
    return intent && resultOf(intent, order);
  }

  async abandon(order: ChargeOrder): Promise<ChargeResult | undefined> {
    const intent = await this.find(order);
    const result = intent && resultOf(intent, order);
    if (!intent || result?.outcome === 'captured' || intent.status === 'canceled') return result;
    // Fails when the charge succeeds concurrently, so it is queried once more.
    await this.stripe.paymentIntents.cancel(intent.id).catch(throwUnavailable);
    return result?.outcome === 'pending' ? undefined : result;
  }

  /**
   * Refunds carry their key as metadata too, since Stripe may have forgotten an old idempotency key. One that the bank
   * has returned is made anew: the caller asks again only when somebody wants that.
   */
  async refund({ key, reference, amountMinor }: RefundOrder): Promise<void> {
    const refund = { payment_intent: reference, amount: amountMinor, metadata: { refund_key: key } };
    const earlier = await this.refundsOf(reference, key).catch(throwUnavailable);
    const failed = earlier.filter(hasFailed).length;
    if (earlier.length > failed) return;
    const idempotencyKey = failed === 0 ? key : `${key}-${failed}`;
    const made = await this.stripe.refunds.create(refund, { idempotencyKey }).catch((error: unknown) => {
      // Someone refunded all of it in Stripe's dashboard.
      if (isRefundedAlready(error)) return undefined;
      if (isRefusedForGood(error)) throw new RefundRefused(reasonOf(error));
      return throwUnavailable(error);
    });
    if (made && hasFailed(made)) throw new RefundRefused(failureOf(made));
  }

  async findRefund({
    key,
    reference,
  }: Pick<RefundOrder, 'key' | 'reference'>): Promise<RefundResult | undefined> {
    const made = await this.refundsOf(reference, key).catch(throwUnavailable);
    const [latest] = made;
    if (!latest) return undefined;
    if (made.some((refund) => !hasFailed(refund))) return { outcome: 'done' };
    return { outcome: 'refused', reason: failureOf(latest) };
  }

  private async refundsOf(reference: string, key: string): Promise<Stripe.Refund[]> {
    const found: Stripe.Refund[] = [];
    for await (const refund of this.stripe.refunds.list({ payment_intent: reference, limit: 100 })) {
      if (refund.metadata?.['refund_key'] === key) found.push(refund);
    }
    return found;
  }

  /** Creates the charge's intent; a repetition returns the same one in its current state. */
  private async open({ key, amountMinor, currency }: ChargeOrder): Promise<OpenedIntent> {
    try {
      const intent = await this.stripe.paymentIntents.create(
        {
          amount: amountMinor,
          currency: currency.toLowerCase(),
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          metadata: { charge_key: key },
        },
        { idempotencyKey: key },
      );
      const isNew = new Headers(intent.lastResponse.headers).get('idempotent-replayed') !== 'true';
      return { intent: isNew ? intent : await this.stripe.paymentIntents.retrieve(intent.id), isNew };
    } catch (error) {
      // For example, an amount that Stripe does not accept: the same request will never succeed.
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { refused: reasonOf(error) };
      return throwUnavailable(error);
    }
  }

  /** The charge's intent, even when Stripe has forgotten its key; undefined when there cannot be one. */
  private async find(order: ChargeOrder): Promise<Stripe.PaymentIntent | undefined> {
    if (order.reference != null)
      return this.stripe.paymentIntents.retrieve(order.reference).catch(throwUnavailable);
    const opened = await this.open(order);
    if (opened.refused !== undefined) return undefined;
    if (!opened.isNew) return opened.intent;
    const query = `metadata['charge_key']:'${order.key}' AND status:'succeeded'`;
    const { data } = await this.stripe.paymentIntents.search({ query, limit: 1 }).catch(throwUnavailable);
    return data[0] ?? opened.intent;
  }

  private async confirm(id: string, order: ChargeOrder): Promise<ChargeResult> {
    try {
      const intent = await this.stripe.paymentIntents.confirm(id, {
        payment_method: order.method,
        // Without a way to reach the customer, nobody would answer the bank's challenge.
        error_on_requires_action: order.mayNeedAction !== true,
      });
      const result = resultOf(intent, order);
      if (result) return result;
      throw new ChargeOutcomeUnknown(`The payment intent is ${intent.status}`);
    } catch (error) {
      return afterFailedConfirm(error);
    }
  }
}

type OpenedIntent =
  | { readonly intent: Stripe.PaymentIntent; readonly isNew: boolean; readonly refused?: undefined }
  | { readonly refused: string };

/**
 * Returns undefined when nothing was charged, and nothing was declined.
 * @throws ChargeOutcomeUnknown when the charged amount is not the order's: someone has to investigate
 */
function resultOf(intent: Stripe.PaymentIntent, order: ChargeOrder): ChargeResult | undefined {
  const { id, status, last_payment_error: error } = intent;
  if (status === 'succeeded') {
    if (!isFor(intent, order))
      throw new ChargeOutcomeUnknown('The charged amount differs from the requested one');
    return { outcome: 'captured', reference: id };
  }
  if (status === 'requires_action') return { outcome: 'pending', reference: id, action: actionOf(intent) };
  if (status === 'processing') return { outcome: 'pending', reference: id, action: null };
  return error ? { outcome: 'declined', reason: error.decline_code ?? error.code ?? 'declined' } : undefined;
}

function actionOf({ client_secret: clientSecret, next_action: next }: Stripe.PaymentIntent): CustomerAction {
  return { type: next?.type ?? 'use_stripe_sdk', clientSecret };
}

function isFor(intent: Stripe.PaymentIntent, { amountMinor, currency }: ChargeOrder): boolean {
  return intent.amount === amountMinor && intent.currency === currency.toLowerCase();
}

/** A decline is an outcome; every other error shows how far the request got. */
function afterFailedConfirm(error: unknown): ChargeResult {
  if (error instanceof Stripe.errors.StripeCardError) {
    return { outcome: 'declined', reason: error.decline_code ?? reasonOf(error) };
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    if (error.param === 'payment_method')
      throw new MethodUnknown('The payment method is not known to the provider');
    // Another request has confirmed or cancelled it since it was read.
    if (error.code === 'payment_intent_unexpected_state') throw new ChargeOutcomeUnknown(kindOf(error));
    return { outcome: 'declined', reason: reasonOf(error) };
  }
  if (isRefusedUnread(error)) throw new ProviderUnavailable(kindOf(error));
  // A lost connection, a time-out, an error in Stripe or a concurrent request for it: the charge may have been made.
  throw error instanceof ChargeOutcomeUnknown ? error : new ChargeOutcomeUnknown(kindOf(error));
}

function isRefusedUnread(error: unknown): boolean {
  return (
    (error instanceof Stripe.errors.StripeRateLimitError && error.code !== 'lock_timeout') ||
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  );
}

function hasFailed({ status }: Stripe.Refund): boolean {
  return status === 'failed' || status === 'canceled';
}

function failureOf({ failure_reason: reason, status }: Stripe.Refund): string {
  return reason ?? status ?? 'failed';
}

/** Stripe has read the request and will not carry it out, unlike one for which only the account's balance is too low. */
function isRefusedForGood(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code !== 'balance_insufficient';
}

function isRefundedAlready(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'charge_already_refunded';
}

function throwUnavailable(error: unknown): never {
  throw new ProviderUnavailable(kindOf(error));
}

function reasonOf(error: Stripe.errors.StripeError): string {
  return error.code ?? error.type;
}

/** Only the kind of the error: Stripe's messages may quote keys and card data. */
function kindOf(error: unknown): string {
  return error instanceof Stripe.errors.StripeError
    ? `${error.type} ${error.code ?? ''}`.trim()
    : 'no answer';
}
