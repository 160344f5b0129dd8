import { isChanging, type Order } from '@fissile/client';
import {
  Badge,
  Fault,
  TimelinePicture,
  money,
  time,
  messageOf,
  useEvery,
  useLoaded,
  useSay,
} from '@fissile/console';
import { shop } from './shop.ts';

const POLL_EVERY_MS = 500;

/** An order as it goes through. */
export function OrderPage({ id }: { id: string }) {
  const say = useSay();
  const params = { path: { id } };
  const { value, error, reload } = useLoaded(
    async () => ({
      order: await shop.get('/api/orders/{id}', { params }),
      timeline: await shop.get('/api/orders/{id}/timeline', { params }),
    }),
    [id],
  );
  const status = value?.order.status;
  useEvery(POLL_EVERY_MS, reload, status !== undefined && isChanging(status));
  const cancel = (): void => {
    shop
      .post('/api/orders/{id}/cancel', { params })
      .catch((refusal: unknown) => say(messageOf(refusal)))
      .finally(reload);
  };
  return (
    <>
      <h1 tabIndex={-1}>Your order</h1>
      <Fault text={error} />
      <div role="status">{value && <Outcome order={value.order} />}</div>
      {value && (
        <>
          {value.order.payment?.action.type === 'sandbox' && (
            <BankQuestion paymentId={value.order.payment.id} onAnswered={reload} />
          )}
          {status === 'confirmed' && (
            <p>
              <button type="button" onClick={cancel}>
                Cancel the order
              </button>
            </p>
          )}
          <h2>How it went through</h2>
          <TimelinePicture {...value.timeline} />
        </>
      )}
      <p>
        <a href="#/">Back to the catalogue</a>
      </p>
    </>
  );
}

/** What the bank of the sandbox asks; a real one does on a page of its own. */
function BankQuestion({ paymentId, onAnswered }: { paymentId: string; onAnswered: () => void }) {
  const say = useSay();
  const answer = (approve: boolean): void => {
    shop
      .post('/api/payments/{id}/sandbox-action', { params: { path: { id: paymentId } }, body: { approve } })
      .catch((refusal: unknown) => say(messageOf(refusal)))
      .finally(onAnswered);
  };
  return (
    <p>
      Your bank asks whether you pay this.{' '}
      <button type="button" onClick={() => answer(true)}>
        Approve the payment
      </button>{' '}
      <button type="button" onClick={() => answer(false)}>
        Decline the payment
      </button>
    </p>
  );
}

const MESSAGES: Readonly<Record<Order['status'], string>> = {
  pending: 'The order is being processed.',
  confirmed: 'The order is paid and confirmed.',
  cancelling: 'The order is being cancelled: the payment is refunded and the stock released.',
  cancelled: 'The order is cancelled, and nothing is charged.',
  shipping: 'The order is leaving the shop.',
  shipped: 'The order is on its way to you.',
  returning: 'The order has come back: the payment is being refunded.',
  returned: 'The order has come back, and the payment is refunded.',
};

function Outcome({ order: { status, reason, total, items, createdAt } }: { order: Order }) {
  return (
    <>
      <p class="outcome">
        <Badge state={status} /> {MESSAGES[status]} {reason && `${reason.message}.`}
      </p>
      <p class="hint">
        {items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}: {money(total)},{' '}
        {time(createdAt)}
      </p>
    </>
  );
}
