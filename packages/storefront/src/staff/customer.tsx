import { addressWith, useLoaded } from '@fissile/console';
import { CONSOLE } from './console-address.ts';
import { shop } from './shop.ts';

/** Of no account: who asks for it is shown nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const CUSTOMER_FIELD = { name: 'customer', label: 'Customer', placeholder: 'email or id' } as const;

interface AskedCustomer {
  /** Undefined where nobody is asked for. */
  readonly userId: string | undefined;
  /** Until then nothing can be shown. */
  readonly isKnown: boolean;
  readonly error: string | undefined;
}

/** Whom the API is asked for, by the email or the id that was typed. */
export function useCustomer(customer: string | undefined): AskedCustomer {
  const { value, error } = useLoaded(async () => {
    const isId = customer === undefined || ID.test(customer);
    return { customer, userId: isId ? customer : await idOf(customer) };
  }, [customer]);
  // What was found for the one before does not count.
  return { userId: value?.userId, isKnown: value !== undefined && value.customer === customer, error };
}

async function idOf(email: string): Promise<string> {
  const wanted = email.trim().toLowerCase();
  const { items } = await shop.page('/api/users', { text: wanted, limit: '100' });
  return items.find((user) => user.email === wanted)?.id ?? NOBODY;
}

/** Who it is, and what else they ordered. The accounts of an identity provider have no email here. */
export function CustomerLinks({ userId }: { userId: string }) {
  const { value, error } = useLoaded(
    () => shop.get('/api/users/{id}', { params: { path: { id: userId } } }),
    [userId],
  );
  if (!value && error === undefined) return <>…</>;
  return (
    <>
      {value ? <a href={`${CONSOLE}#/users/${userId}`}>{value.email}</a> : <span class="id">{userId}</span>} (
      <a href={addressWith('#/staff', { customer: value?.email ?? userId })}>all orders</a>)
    </>
  );
}
