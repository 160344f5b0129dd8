import { Fault, type FilterField, Filters, type Query, useQuery } from '@fissile/console';
import type { ComponentChildren } from 'preact';
import { AMOUNT_FIELDS, withMinorAmounts } from './amount-filter.ts';
import { CUSTOMER_FIELD, useCustomer } from './customer.tsx';

interface MoneyListProps {
  readonly title: string;
  readonly fields: readonly FilterField[];
  /** The list, by what the API is asked for. */
  list(query: Query): ComponentChildren;
}

/** A page of orders or payments: customer and amount narrow it, beside its own fields. */
export function MoneyList({ title, fields, list }: MoneyListProps) {
  const [query, change] = useQuery();
  const { customer, ...others } = query;
  const { userId, isKnown, error } = useCustomer(customer);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <Filters
        label={`Filter ${title.toLowerCase()}`}
        fields={[...fields, CUSTOMER_FIELD, ...AMOUNT_FIELDS]}
        {...{ query, change }}
      />
      <Fault text={error} />
      {isKnown && list({ ...withMinorAmounts(others), userId })}
    </>
  );
}
