import { type FilterField, minorUnits, type Query } from '@fissile/console';

/** What amounts are of unless the filter says otherwise. */
const USUAL_CURRENCY = 'USD';

/** Amounts are typed, and stand in the address, as in 12.50. */
export const AMOUNT_FIELDS: readonly FilterField[] = [
  { name: 'minAmount', label: 'Amount from', placeholder: 'such as 12.50' },
  { name: 'maxAmount', label: 'Amount to' },
  { name: 'currency', label: 'Currency', placeholder: USUAL_CURRENCY },
];

/** What the API is asked for. It refuses what is no amount, and names it. */
export function withMinorAmounts({ minAmount, maxAmount, currency, ...query }: Query): Query {
  if (!minAmount && !maxAmount && !currency) return query;
  const of = currency?.toUpperCase() ?? USUAL_CURRENCY;
  const minor = (typed: string | undefined): string | undefined =>
    typed && String(minorUnits(typed, of) ?? typed);
  return { ...query, currency: of, minAmountMinor: minor(minAmount), maxAmountMinor: minor(maxAmount) };
}
