import Stripe from 'stripe';
import { generationsOf } from '@fissile/kit/config';
import { NoticeRefused, ProviderNotices, type ProviderNotice } from '../domain/provider-notices.js';

/** How old a signature may be: one that was recorded cannot be replayed later. */
const TOLERANCE_S = 300;

const OF_CHARGES: ReadonlySet<string> = new Set([
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
]);
const OF_REFUNDS: ReadonlySet<string> = new Set(['charge.refund.updated', 'refund.updated', 'refund.failed']);

/** The settings that it reads at each notice, since the secret may change. */
export interface StripeNoticeSettings {
  /** The secret of the endpoint at Stripe; while it is being changed several, one a line. */
  readonly STRIPE_WEBHOOK_SECRET?: string | undefined;
  readonly STRIPE_SECRET_KEY?: string | undefined;
}

/** Verifies and reads what Stripe sends to the webhook: notices of the account whose key the shop has, and no others. */
export class StripeNotices extends ProviderNotices {
  constructor(private readonly settings: StripeNoticeSettings) {
    super();
  }

  get isOpen(): boolean {
    return this.settings.STRIPE_WEBHOOK_SECRET !== undefined;
  }

  async read(body: Buffer, signature: string | undefined): Promise<ProviderNotice | undefined> {
    const event = await this.verified(body, signature);
    if (event.account !== undefined || event.livemode !== this.isLive)
      throw new NoticeRefused('The event is of another account, or of the other mode (live or test)');
    const { id, type, data } = event;
    const metadata = (data.object as { readonly metadata?: Stripe.Metadata | null }).metadata ?? {};
    if (OF_CHARGES.has(type)) return { id, type, about: 'charge', key: metadata['charge_key'] ?? null };
    if (OF_REFUNDS.has(type)) return { id, type, about: 'refund', key: metadata['refund_key'] ?? null };
    return undefined;
  }

  private get isLive(): boolean {
    return /^[rs]k_live_/.test(this.settings.STRIPE_SECRET_KEY ?? '');
  }

  private async verified(body: Buffer, signature: string | undefined): Promise<Stripe.Event> {
    if (signature === undefined) throw new NoticeRefused('Stripe-Signature: expected a signature');
    for (const secret of generationsOf(this.settings.STRIPE_WEBHOOK_SECRET ?? '')) {
      try {
        return await Stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_S);
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
          throw new NoticeRefused('The body is no event of Stripe');
      }
    }
    throw new NoticeRefused('Stripe-Signature: the signature is not of this body, or too old');
  }
}
