import { Database } from '#libs/database';
import { PaymentProvider } from './domain/payment-provider.js';
import { PaymentsSettings } from './payments.settings.js';
import { SandboxProvider } from './providers/sandbox-provider.js';
import { StripeProvider } from './providers/stripe-provider.js';

/** The provider that the settings choose. */
export const paymentProvider = {
  provide: PaymentProvider,
  inject: [PaymentsSettings, Database],
  useFactory: (settings: PaymentsSettings, database: Database): PaymentProvider =>
    settings.PAYMENT_PROVIDER === 'stripe'
      ? new StripeProvider({
          secretKey: settings.STRIPE_SECRET_KEY ?? '',
          timeoutMs: settings.PAYMENT_TIMEOUT_MS,
          apiUrl: settings.STRIPE_API_URL,
        })
      : new SandboxProvider(database),
};
