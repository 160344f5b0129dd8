import type { Order } from '@fissile/client';
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

const POLL_EVERY_MS = 1_000;

/** One order: what was ordered, and what its saga has done. */
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
  useEvery(POLL_EVERY_MS, reload, status === 'pending' || status === 'cancelling');
  const cancel = async (): Promise<void> => {
    try {
      await shop.post('/api/orders/{id}/cancel', { params });
      say('The order is being cancelled.');
    } catch (refusal) {
      say(messageOf(refusal));
    }
    reload();
  };
  return (
    <>
      <p>
        <a href="#/staff">All orders</a>
      </p>
      <h1 tabIndex={-1}>Order</h1>
      <Fault text={error} />
      {value && (
        <>
          <OrderFacts order={value.order} />
          {status === 'confirmed' && (
            <p>
              <button type="button" class="danger" onClick={() => void cancel()}>
                Cancel the order
              </button>
            </p>
          )}
          <h2>Timeline</h2>
          <TimelinePicture {...value.timeline} />
        </>
      )}
    </>
  );
}

function OrderFacts({ order }: { order: Order }) {
  const { id, status, reason, createdAt, userId, paymentId, items, total } = order;
  return (
    <div class="split">
      <dl class="facts card">
        <dt>Id</dt>
        <dd class="id">{id}</dd>
        <dt>Status</dt>
        <dd aria-live="polite">
          <Badge state={status} /> {reason?.message}
        </dd>
        <dt>Placed</dt>
        <dd>{time(createdAt)}</dd>
        <dt>Customer</dt>
        <dd class="id">{userId}</dd>
        <dt>Payment</dt>
        <dd class="id">{paymentId ?? 'none'}</dd>
      </dl>
      <div class="scroll" tabIndex={0} role="group" aria-label="Lines">
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col" class="number">
                Quantity
              </th>
              <th scope="col" class="number">
                Price
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ productId, name, quantity, lineTotal }) => (
              <tr key={productId}>
                <th scope="row">{name}</th>
                <td class="number">{quantity}</td>
                <td class="number">{money(lineTotal)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">Total</th>
              <td />
              <td class="number">{money(total)}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}
