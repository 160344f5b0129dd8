import { ApiUnreachable, newKey, type Resource } from '@fissile/client';
import {
  Fault,
  FormField,
  minorUnits,
  money,
  placeFaults,
  SureButton,
  typedAmount,
  useSay,
} from '@fissile/console';
import { useRef, useState } from 'preact/hooks';
import { shop } from './shop.ts';

type Payment = Resource<'Payment'>;

/** At which field a refusal is shown. */
const PLACES = { amountMinor: 'amount', refund_exceeds_payment: 'amount', reason: 'reason' };

/** What can still be given back, in minor units. */
function refundable({ amount, status, refunds }: Payment): number {
  if (status !== 'captured' && status !== 'refund_failed') return 0;
  const given = refunds.filter((refund) => refund.status !== 'failed');
  return amount.amountMinor - given.reduce((sum, refund) => sum + refund.amount.amountMinor, 0);
}

/** Gives money back: all that is left of a payment, or a part of it. */
export function RefundForm({ payment, refunded }: { payment: Payment; refunded(): void }) {
  const left = { ...payment.amount, amountMinor: refundable(payment) };
  if (left.amountMinor === 0) return <p class="hint">Nothing can be refunded.</p>;
  // What was typed is about what was left then.
  return <Form key={left.amountMinor} {...{ payment, left, refunded }} />;
}

interface FormProps {
  readonly payment: Payment;
  readonly left: Payment['amount'];
  refunded(): void;
}

function Form({ payment: { id }, left, refunded }: FormProps) {
  const [typed, setTyped] = useState({ amount: typedAmount(left), reason: '' });
  const { error, send, change } = useRefund(id, refunded);
  const amountMinor = minorUnits(typed.amount, left.currency);
  const set = (changes: Partial<typeof typed>): void => {
    change();
    setTyped({ ...typed, ...changes });
  };
  const { at, rest } = placeFaults(error, PLACES);
  const fault = amountMinor === undefined ? `expected an amount such as ${typedAmount(left)}` : at['amount'];
  return (
    <form class="card narrow" aria-label="Refund" onSubmit={(event) => event.preventDefault()}>
      <p class="hint">{money(left)} can be refunded.</p>
      <FormField
        label={`Amount, in ${left.currency}`}
        inputMode="decimal"
        value={typed.amount}
        fault={fault}
        onInput={({ currentTarget }) => set({ amount: currentTarget.value })}
      />
      <FormField
        label="Reason"
        value={typed.reason}
        fault={at['reason']}
        onInput={({ currentTarget }) => set({ reason: currentTarget.value })}
      />
      <Fault text={rest} />
      {amountMinor !== undefined && (
        <div>
          <SureButton
            label="Refund"
            question={`Refund ${money({ ...left, amountMinor })} now`}
            act={() => void send({ amountMinor, reason: typed.reason.trim() || undefined })}
          />
        </div>
      )}
    </form>
  );
}

interface Wanted {
  readonly amountMinor: number;
  readonly reason: string | undefined;
}

/** The same refund is sent by the same key until there is an answer, so that pressing again refunds nothing twice. */
function useRefund(id: string, refunded: () => void) {
  const say = useSay();
  const key = useRef(newKey());
  const [error, setError] = useState<unknown>();
  const change = (): void => void (key.current = newKey());
  const send = async (body: Wanted): Promise<void> => {
    try {
      const params = { path: { id }, header: { 'Idempotency-Key': key.current } };
      const { status, amount } = await shop.post('/api/payments/{id}/refunds', { params, body });
      change();
      say(`The refund of ${money(amount)} is ${status}.`);
      setError(undefined);
      refunded();
    } catch (refusal) {
      if (!(refusal instanceof ApiUnreachable)) change();
      setError(() => refusal);
    }
  };
  return { error, send, change };
}
