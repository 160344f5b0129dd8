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

const MinorUnits = z
  .string()
  .regex(/^\d{1,13}$/, 'expected a whole number of minor units')
  .transform(Number)
  .pipe(z.int().max(MAX_TOTAL_MINOR, `expected at most ${MAX_TOTAL_MINOR}`));

/** Query parameters of a list: what the amount of each is. */
export const amountQuery = {
  minAmountMinor: MinorUnits.optional().meta({
    description: 'At least this much, in minor units of `currency`',
    example: 1_000,
  }),
  maxAmountMinor: MinorUnits.optional().meta({
    description: 'At most this much, in minor units of `currency`',
    example: 9_999,
  }),
  currency: Currency.optional(),
};

export interface AmountFilter {
  readonly minAmountMinor?: number | undefined;
  readonly maxAmountMinor?: number | undefined;
  readonly currency?: string | undefined;
}

/** Refuses an amount that is of no currency: what `refine` of the query takes. */
export const amountHasCurrency = [
  ({ minAmountMinor, maxAmountMinor, currency }: AmountFilter): boolean =>
    currency !== undefined || (minAmountMinor === undefined && maxAmountMinor === undefined),
  { path: ['currency'], message: 'expected the currency of the amount' },
] satisfies [unknown, unknown];
