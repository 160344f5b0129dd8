import { z } from 'zod';
import { address, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

const needsStripeKey = (values: {
  PAYMENT_PROVIDER: string;
  STRIPE_SECRET_KEY?: string | undefined;
}): string[] =>
  values.PAYMENT_PROVIDER === 'stripe' && values.STRIPE_SECRET_KEY === undefined
    ? ['STRIPE_SECRET_KEY (not set): expected a key, since PAYMENT_PROVIDER is stripe']
    : [];

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
) {}
