import { Database } from '@fissile/kit/database';
import { isTracing } from '@fissile/kit/observability';
import { PaymentProvider } from './domain/payment-provider.js';
import { NoNotices, ProviderNotices } from './domain/provider-notices.js';
import { PaymentsSettings } from './payments.settings.js';
import { SandboxProvider } from './providers/sandbox-provider.js';
import { TracedProvider } from './traced-provider.js';

/** The provider that the settings select. */
export const paymentProvider = {
  provide: PaymentProvider,
  inject: [PaymentsSettings, Database],
  useFactory: async (settings: PaymentsSettings, database: Database): Promise<PaymentProvider> => {
    const provider = await chosenBy(settings, database);
    return isTracing() ? new TracedProvider(provider, settings.PAYMENT_PROVIDER) : provider;
  },
};

/** What reads the notices of the provider that the settings select. */
export const providerNotices = {
  provide: ProviderNotices,
  inject: [PaymentsSettings],
  useFactory: async (settings: PaymentsSettings): Promise<ProviderNotices> => {
    if (settings.PAYMENT_PROVIDER !== 'stripe') return new NoNotices();
    const { StripeNotices } = await import('./providers/stripe-notices.js');
    return new StripeNotices(settings);
  },
};

async function chosenBy(settings: PaymentsSettings, database: Database): Promise<PaymentProvider> {
  if (settings.PAYMENT_PROVIDER !== 'stripe') return new SandboxProvider(database);
  // Its client is loaded only where it is used.
  const { StripeProvider } = await import('./providers/stripe-provider.js');
  return new StripeProvider({
    secretKey: settings.STRIPE_SECRET_KEY ?? '',
    timeoutMs: settings.PAYMENT_TIMEOUT_MS,
    apiUrl: settings.STRIPE_API_URL,
  });
}
