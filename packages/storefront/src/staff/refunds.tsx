import type { Resource } from '@fissile/client';
import { messageOf, money, PagedTable, shortId, SureButton, Time, usePages, useSay } from '@fissile/console';
import { shop } from './shop.ts';

type Decision = 'retry' | 'settle';

/** Refunds that the provider has refused for good, and what to do with them. */
export function RefundsPage({ decided }: { decided(): void }) {
  const say = useSay();
  const pages = usePages(shop, '/api/payments', { status: 'refund_failed' });
  const decide = async (id: string, refundId: string, decision: Decision): Promise<void> => {
    const params = { path: { id, refundId } };
    try {
      const { refunds } = await shop.post(`/api/payments/{id}/refunds/{refundId}/${decision}`, { params });
      const status = refunds.find((refund) => refund.id === refundId)?.status;
      say(`The refund is ${status === 'failed' ? 'refused again' : (status ?? 'gone')}.`);
    } catch (refusal) {
      say(messageOf(refusal));
    }
    pages.reload();
    decided();
  };
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
            orderId={payment.orderId}
            refund={refund}
            decide={(decision) => void decide(payment.id, refund.id, decision)}
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
  readonly orderId: string;
  readonly refund: Resource<'Refund'>;
  decide(decision: Decision): void;
}

function RefundRow({ orderId, refund: { amount, failureReason, createdAt }, decide }: RefundRowProps) {
  return (
    <tr>
      <th scope="row">
        <a class="id" href={`#/staff/orders/${orderId}`}>
          …{shortId(orderId)}
        </a>
      </th>
      <td class="time">
        <Time at={createdAt} />
      </td>
      <td class="number">{money(amount)}</td>
      <td>{failureReason}</td>
      <td>
        <div class="actions">
          <SureButton
            label="Retry"
            question={`Refund ${money(amount)} now`}
            style="primary"
            act={() => decide('retry')}
          />
          <SureButton
            label="Settle"
            question={`Record ${money(amount)} as paid in another way`}
            act={() => decide('settle')}
          />
        </div>
      </td>
    </tr>
  );
}
