import { z } from 'zod';
import {
  address,
  type ProductionCheck,
  secretGenerations,
  settings,
  SettingsGroup,
  wholeNumber,
} from '@fissile/kit/config';

interface ProviderValues {
  readonly PAYMENT_PROVIDER: string;
  readonly STRIPE_SECRET_KEY?: string | undefined;
  readonly STRIPE_API_URL?: string | undefined;
  readonly STRIPE_WEBHOOK_SECRET?: string | undefined;
  readonly STRIPE_WEBHOOKS: string;
}

const needsStripeKey = (values: ProviderValues): string[] =>
  values.PAYMENT_PROVIDER === 'stripe' && values.STRIPE_SECRET_KEY === undefined
    ? ['STRIPE_SECRET_KEY (not set): expected a key, since PAYMENT_PROVIDER is stripe']
    : [];

/** Nobody sells for nothing by forgetting a line, or sends a key where others can read it. */
const movesMoneyKnowingly = ({ values, isSaid }: ProductionCheck<ProviderValues>): string[] => {
  const errors: string[] = [];
  if (!isSaid('PAYMENT_PROVIDER')) {
    errors.push(
      'PAYMENT_PROVIDER (not set): expected stripe, or sandbox said explicitly, since the sandbox moves no money',
    );
  }
  if (values.PAYMENT_PROVIDER !== 'stripe' && values.STRIPE_SECRET_KEY !== undefined) {
    errors.push('STRIPE_SECRET_KEY: nothing uses it; expected PAYMENT_PROVIDER=stripe, or no key');
  }
  if (values.PAYMENT_PROVIDER === 'stripe' && values.STRIPE_WEBHOOK_SECRET === undefined) {
    if (values.STRIPE_WEBHOOKS !== 'off') {
      errors.push(
        'STRIPE_WEBHOOK_SECRET (not set): expected the secret of the webhook at Stripe, or STRIPE_WEBHOOKS=off, with which ' +
          'payments are only polled, and nobody hears of a refund that fails later',
      );
    }
  }
  if (values.STRIPE_API_URL?.startsWith('http:')) {
    errors.push('STRIPE_API_URL: expected an address that starts with https:// in production');
  }
  return errors;
};

@SettingsGroup()
export class PaymentsSettings extends settings(
  {
    PAYMENT_PROVIDER: {
      schema: z.enum(['sandbox', 'stripe']).default('sandbox'),
      description: 'Who moves the money; the sandbox moves none.',
    },
    STRIPE_SECRET_KEY: {
      schema: z.string().min(1).optional(),
      description: 'Secret key of the Stripe account, needed when PAYMENT_PROVIDER is stripe.',
      secret: true,
    },
    STRIPE_WEBHOOK_SECRET: {
      schema: secretGenerations(16).optional(),
      description:
        "Secret of Stripe's webhook, which sends to /api/payments/webhooks/stripe. While it is being changed it has several, one a line.",
      secret: true,
      renewable: true,
    },
    STRIPE_WEBHOOKS: {
      schema: z.enum(['on', 'off']).default('on'),
      description:
        'Whether production expects STRIPE_WEBHOOK_SECRET; off says that pending payments are only polled.',
    },
    PAYMENT_POLL_SECONDS: {
      schema: wholeNumber(1, 3_600).default(60),
      description: 'How often the provider is asked about payments that wait for the customer.',
    },
    REFUND_KEY_DAYS: {
      schema: wholeNumber(1, 3650).default(30),
      description:
        'How long an Idempotency-Key of a refund is remembered. The same key makes another refund after that.',
    },
    STRIPE_API_URL: {
      schema: address('http', 'https').optional(),
      description: "Address of Stripe's API, such as that of a fake.",
    },
    PAYMENT_TIMEOUT_MS: {
      schema: wholeNumber(100, 600_000).default(4_000),
      description:
        'How long the provider may take to answer; less than CALL_TIMEOUT_MS, so that callers get the error.',
    },
  },
  needsStripeKey,
  movesMoneyKnowingly,
) {}
