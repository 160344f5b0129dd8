import type { Resource } from '@fissile/client';
import { messageOf, money, SureButton, useSay } from '@fissile/console';
import { shop } from './shop.ts';

type Decision = 'retry' | 'settle';

interface RefundDecisionProps {
  readonly paymentId: string;
  readonly refund: Resource<'Refund'>;
  decided(): void;
}

/** What to do with a refund that was refused for good. */
export function RefundDecision({ paymentId, refund: { id, amount }, decided }: RefundDecisionProps) {
  const say = useSay();
  const decide = async (decision: Decision): Promise<void> => {
    const params = { path: { id: paymentId, refundId: id } };
    try {
      const { refunds } = await shop.post(`/api/payments/{id}/refunds/{refundId}/${decision}`, { params });
      const status = refunds.find((refund) => refund.id === id)?.status;
      say(`The refund is ${status === 'failed' ? 'refused again' : (status ?? 'gone')}.`);
    } catch (refusal) {
      say(messageOf(refusal));
    }
    decided();
  };
  return (
    <div class="actions">
      <SureButton
        label="Retry"
        question={`Refund ${money(amount)} now`}
        style="primary"
        act={() => void decide('retry')}
      />
      <SureButton
        label="Settle"
        question={`Record ${money(amount)} as paid in another way`}
        act={() => void decide('settle')}
      />
    </div>
  );
}
