import { StripeFake } from '../../harness/stripe-fake.js';
import { EVERYWHERE, type Fault } from '../fault.js';

/** The payment provider rejects, fails, and charges and refunds without responding; and receives requests twice. */
export function providerFaults(): Fault {
  let provider: StripeFake;
  return {
    name: 'provider fails or does not answer',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 10 },
    prepare: async () => {
      provider = await StripeFake.start();
      const env = {
        PAYMENT_PROVIDER: 'stripe',
        STRIPE_SECRET_KEY: StripeFake.SECRET_KEY,
        STRIPE_API_URL: provider.url,
        PAYMENT_TIMEOUT_MS: '1000',
      };
      return {
        options: { env },
        methods: [...Array.from({ length: 8 }, () => 'pm_card_visa'), 'pm_card_visa_chargeDeclined'],
        moved: () => provider.balance,
        close: () => provider.stop(),
      };
    },
    inflict: async ({ crowd, random, recovery }) => {
      for (let round = 0; round < 25; round += 1) {
        const pathEnd = random.pick(['confirm', 'confirm', 'payment_intents', 'refunds']);
        provider.failNext(pathEnd, random.chance(0.6) ? 'unanswered' : 'refused');
        await crowd.goesOn(4);
      }
      recovery.begin();
    },
  };
}
