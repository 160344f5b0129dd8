import { isChanging, type Order } from '@fissile/client';
import {
  addressWith,
  Badge,
  Fault,
  SureButton,
  TimelinePicture,
  money,
  Time,
  messageOf,
  useEvery,
  useLoaded,
  useSay,
} from '@fissile/console';
import { CustomerLinks } from './customer.tsx';
import { OrderSagas } from './order-sagas.tsx';
import { shop } from './shop.ts';

const POLL_EVERY_MS = 1_000;

interface Action {
  readonly from: Order['status'];
  readonly path: `/api/orders/{id}/${'ship' | 'return' | 'cancel'}`;
  readonly label: string;
  readonly said: string;
  /** What a second press says and does, where money goes back. */
  readonly question?: string;
}

/** What can be done with an order, by its status. */
const ACTIONS: readonly Action[] = [
  {
    from: 'confirmed',
    path: '/api/orders/{id}/ship',
    label: 'Ship the order',
    said: 'The order is shipped.',
  },
  {
    from: 'confirmed',
    path: '/api/orders/{id}/cancel',
    label: 'Cancel the order',
    said: 'The order is being cancelled.',
    question: 'Cancel it, and refund what is paid',
  },
  {
    from: 'shipped',
    path: '/api/orders/{id}/return',
    label: 'Take the order back',
    said: 'The order is being taken back.',
    question: 'Take it back, and refund what is paid',
  },
];

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
  useEvery(POLL_EVERY_MS, reload, status !== undefined && isChanging(status));
  const act = async ({ path, said }: Action): Promise<void> => {
    try {
      await shop.post(path, { params });
      say(said);
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
          <p class="row">
            {ACTIONS.filter(({ from }) => from === status).map((action) => (
              <ActionButton key={action.path} action={action} act={() => void act(action)} />
            ))}
          </p>
          <h2>Timeline</h2>
          <TimelinePicture {...value.timeline} />
          <OrderSagas orderId={id} status={value.order.status} />
        </>
      )}
    </>
  );
}

function ActionButton({ action: { label, question }, act }: { action: Action; act(): void }) {
  if (question !== undefined) return <SureButton {...{ label, question, act }} />;
  return (
    <button type="button" onClick={act}>
      {label}
    </button>
  );
}

function OrderFacts({ order }: { order: Order }) {
  const { id, status, reason, createdAt, userId, paymentId } = order;
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
        <dd>
          <Time at={createdAt} />
        </dd>
        <dt>Customer</dt>
        <dd>
          <CustomerLinks userId={userId} />
        </dd>
        <dt>Payment</dt>
        <dd class="id">
          {paymentId === null ? 'none' : <a href={`#/staff/payments/${paymentId}`}>{paymentId}</a>}
        </dd>
        <dt>Mails</dt>
        <dd>
          <a href={addressWith('#/staff/mails', { orderId: id })}>to the customer</a>
        </dd>
      </dl>
      <OrderLines order={order} />
    </div>
  );
}

function OrderLines({ order: { items, total } }: { order: Order }) {
  return (
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
  );
}
