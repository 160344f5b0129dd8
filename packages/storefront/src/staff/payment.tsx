import type { Resource } from '@fissile/client';
import { Badge, Fault, IdLink, money, ScrollTable, Time, useEvery, useLoaded } from '@fissile/console';
import { CONSOLE } from './console-address.ts';
import { PaymentHistory } from './payment-history.tsx';
import { RefundDecision } from './refund-decision.tsx';
import { RefundForm } from './refund-form.tsx';
import { shop } from './shop.ts';

type Payment = Resource<'Payment'>;

const POLL_EVERY_MS = 2_000;

/** What may change without anybody here doing anything. */
const isOpen = ({ status, refunds }: Payment): boolean =>
  status === 'pending' || status === 'unknown' || refunds.some((refund) => refund.status === 'pending');

/** One payment: what was charged and given back, and by whom. */
export function PaymentPage({ id, decided }: { id: string; decided(): void }) {
  const { value, error, reload } = useLoaded(
    () => shop.get('/api/payments/{id}', { params: { path: { id } } }),
    [id],
  );
  useEvery(POLL_EVERY_MS, reload, value !== undefined && isOpen(value));
  const changed = (): void => {
    reload();
    decided();
  };
  return (
    <>
      <p>
        <a href="#/staff/payments">All payments</a>
      </p>
      <h1 tabIndex={-1}>Payment</h1>
      <Fault text={error} />
      {!value && !error && <p class="empty">Loading…</p>}
      {value && (
        <>
          <div class="split">
            <PaymentFacts payment={value} />
            <RefundForm payment={value} refunded={changed} />
          </div>
          <h2>Refunds</h2>
          <Refunds payment={value} decided={changed} />
          <h2>History</h2>
          <PaymentHistory payment={value} />
        </>
      )}
    </>
  );
}

function PaymentFacts({ payment }: { payment: Payment }) {
  const { id, orderId, amount, status, declineReason, reference, createdAt } = payment;
  return (
    <dl class="facts card">
      <dt>Id</dt>
      <dd class="id">{id}</dd>
      <dt>Status</dt>
      <dd aria-live="polite">
        <Badge state={status} /> {declineReason}
      </dd>
      <dt>Amount</dt>
      <dd>{money(amount)}</dd>
      <dt>Made</dt>
      <dd>
        <Time at={createdAt} />
      </dd>
      <dt>Order</dt>
      <dd>
        <IdLink id={orderId} href={`#/staff/orders/${orderId}`} />
      </dd>
      <dt>Reference</dt>
      <dd class="id">{reference ?? 'none'}</dd>
      <dt>Audit log</dt>
      <dd>
        <a href={`${CONSOLE}#/audit?subject=${id}`}>in the console</a>
      </dd>
    </dl>
  );
}

function Refunds({ payment: { id, refunds }, decided }: { payment: Payment; decided(): void }) {
  if (refunds.length === 0) return <p class="hint">Nothing was given back.</p>;
  return (
    <ScrollTable label="Refunds" columns={['Refund', 'Amount', 'Status', 'Reason', 'Actions']} isWide={false}>
      {refunds.map((refund) => (
        <tr key={refund.id}>
          <th scope="row" class="time">
            <Time at={refund.createdAt} />
          </th>
          <td class="number">{money(refund.amount)}</td>
          <td>
            <Badge state={refund.status} /> {refund.failureReason}
          </td>
          <td>{refund.reason}</td>
          <td>
            {refund.status === 'failed' && (
              <RefundDecision paymentId={id} refund={refund} decided={decided} />
            )}
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
