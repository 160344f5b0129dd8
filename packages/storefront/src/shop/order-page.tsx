import { hasCode, isChanging, type Order } from '@fissile/client';
import {
  Badge,
  Fault,
  TimelinePicture,
  money,
  Time,
  messageOf,
  useEvery,
  useLoaded,
  useSay,
} from '@fissile/console';
import { Entrance } from './entrance.tsx';
import { shop } from './shop.ts';

const POLL_EVERY_MS = 500;

/** An order as it goes through. */
export function OrderPage({ id, isSignedIn }: { id: string; isSignedIn: boolean }) {
  return (
    <>
      <h1 tabIndex={-1}>Your order</h1>
      {isSignedIn ? <FollowedOrder id={id} /> : <Entrance />}
      <p>
        <a href="#/">Back to the catalogue</a>
      </p>
    </>
  );
}

function FollowedOrder({ id }: { id: string }) {
  const { value, error, isLoading, reload } = useLoaded(() => readOrder(id), [id]);
  const isUnderWay = value !== undefined && value !== 'missing' && isChanging(value.order.status);
  useEvery(POLL_EVERY_MS, reload, isUnderWay);
  if (value === 'missing')
    return (
      <p class="empty">You have no such order. The address may be incomplete, or that of somebody else.</p>
    );
  return (
    <>
      <Fault text={error} />
      {error !== undefined && (
        <button type="button" disabled={isLoading} onClick={reload}>
          Try again
        </button>
      )}
      <div role="status">
        {value ? <Outcome order={value.order} /> : isLoading && <p class="empty">The order is being read…</p>}
      </div>
      {value && <Progress {...value} onChanged={reload} />}
    </>
  );
}

type OrderWithTimeline = Exclude<Awaited<ReturnType<typeof readOrder>>, 'missing'>;

/** An id that is none is that of no order. */
async function readOrder(id: string) {
  const params = { path: { id } };
  try {
    return {
      order: await shop.get('/api/orders/{id}', { params }),
      timeline: await shop.get('/api/orders/{id}/timeline', { params }),
    };
  } catch (error) {
    if (hasCode(error, 'order_not_found', 'validation_failed')) return 'missing' as const;
    throw error;
  }
}

function Progress({ order, timeline, onChanged }: OrderWithTimeline & { onChanged: () => void }) {
  const say = useSay();
  const cancel = (): void => {
    shop
      .post('/api/orders/{id}/cancel', { params: { path: { id: order.id } } })
      .catch((refusal: unknown) => say(messageOf(refusal)))
      .finally(onChanged);
  };
  return (
    <>
      {order.payment?.action.type === 'sandbox' && (
        <BankQuestion paymentId={order.payment.id} onAnswered={onChanged} />
      )}
      {order.status === 'confirmed' && (
        <p>
          <button type="button" onClick={cancel}>
            Cancel the order
          </button>
        </p>
      )}
      <h2>How it went through</h2>
      <TimelinePicture {...timeline} />
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
        <Time at={createdAt} />
      </p>
    </>
  );
}
