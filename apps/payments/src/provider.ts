import { Database } from '#libs/database';
import { isTracing } from '#libs/tracing';
import { PaymentProvider } from './domain/payment-provider.js';
import { PaymentsSettings } from './payments.settings.js';
import { SandboxProvider } from './providers/sandbox-provider.js';
import { StripeProvider } from './providers/stripe-provider.js';
import { TracedProvider } from './traced-provider.js';

/** The provider that the settings choose. */
export const paymentProvider = {
  provide: PaymentProvider,
  inject: [PaymentsSettings, Database],
  useFactory: (settings: PaymentsSettings, database: Database): PaymentProvider => {
    const provider = chosenBy(settings, database);
    return isTracing() ? new TracedProvider(provider, settings.PAYMENT_PROVIDER) : provider;
  },
};

function chosenBy(settings: PaymentsSettings, database: Database): PaymentProvider {
  if (settings.PAYMENT_PROVIDER !== 'stripe') return new SandboxProvider(database);
  return new StripeProvider({
    secretKey: settings.STRIPE_SECRET_KEY ?? '',
    timeoutMs: settings.PAYMENT_TIMEOUT_MS,
    apiUrl: settings.STRIPE_API_URL,
  });
}
