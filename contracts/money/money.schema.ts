import { z } from 'zod';

/** The largest amount of one price, in minor units. */
export const MAX_PRICE_MINOR = 1_000_000_000;
/** The largest total of an order, in minor units; far within the exact range of a JSON number. */
export const MAX_TOTAL_MINOR = 1_000_000_000_000;

const knownCurrencies = new Set(Intl.supportedValuesOf('currency'));

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code of three capital letters')
  .refine((code) => knownCurrencies.has(code), 'expected a currency of ISO 4217')
  .meta({ description: 'ISO 4217 code', example: 'USD' });

/** Money in the public API. */
export const Money = z
  .strictObject({
    amountMinor: z.int().min(0).max(MAX_TOTAL_MINOR).meta({ description: 'in minor units, such as cents' }),
    currency: Currency,
  })
  .meta({ id: 'Money' });

export type Money = z.infer<typeof Money>;

/** Money in events, whose consumers ignore unknown fields. */
export const MoneyData = z.object(Money.shape).meta({ id: 'MoneyData' });
