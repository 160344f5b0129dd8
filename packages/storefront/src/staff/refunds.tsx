import type { Resource } from '@fissile/client';
import { IdLink, money, PagedTable, Time, usePages } from '@fissile/console';
import { RefundDecision } from './refund-decision.tsx';
import { shop } from './shop.ts';

/** Refunds that the provider has refused for good, and what to do with them. */
export function RefundsPage({ decided }: { decided(): void }) {
  const pages = usePages(shop, '/api/payments', { status: 'refund_failed' });
  return (
    <>
      <h1 tabIndex={-1}>Failed refunds</h1>
      <p class="hint">
        The payment provider, or the customer’s bank, refused them for good. Retry those whose cause is gone.
        If the customer got the money in another way, such as by a transfer, record that: nothing is sent to
        the provider.
      </p>
      <div class="row">
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
      </div>
      <PagedTable
        label="Failed refunds"
        columns={['Order', 'Refunded', 'Amount', 'Reason', 'Actions']}
        minor={['Refunded']}
        empty="There are none."
        pages={pages}
      >
        {pages.items.flatMap(failedRefunds).map(({ payment, refund }) => (
          <RefundRow
            key={refund.id}
            payment={payment}
            refund={refund}
            decided={() => {
              pages.reload();
              decided();
            }}
          />
        ))}
      </PagedTable>
    </>
  );
}

function failedRefunds(payment: Resource<'Payment'>) {
  return payment.refunds.filter(({ status }) => status === 'failed').map((refund) => ({ payment, refund }));
}

interface RefundRowProps {
  readonly payment: Resource<'Payment'>;
  readonly refund: Resource<'Refund'>;
  decided(): void;
}

function RefundRow({ payment: { id, orderId }, refund, decided }: RefundRowProps) {
  return (
    <tr>
      <th scope="row">
        <IdLink id={orderId} href={`#/staff/orders/${orderId}`} />
      </th>
      <td class="time">
        <Time at={refund.createdAt} />
      </td>
      <td class="number">{money(refund.amount)}</td>
      <td>
        {refund.failureReason} (<a href={`#/staff/payments/${id}`}>payment</a>)
      </td>
      <td>
        <RefundDecision paymentId={id} refund={refund} decided={decided} />
      </td>
    </tr>
  );
}
