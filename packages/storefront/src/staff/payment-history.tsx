import type { Resource } from '@fissile/client';
import { Badge, Fault, money, ScrollTable, Time, useLoaded } from '@fissile/console';
import { CONSOLE } from './console-address.ts';
import { sagasOfOrder } from './sagas-of-order.ts';
import { shop } from './shop.ts';

type Payment = Resource<'Payment'>;

interface Entry {
  readonly at: string;
  readonly what: string;
  readonly state: string;
  readonly details: string;
}

/** The steps of sagas that are about the payment of their order. */
const OF_PAYMENT = /payment/;

/** What happened to a payment, oldest first: by the saga of its order, by the provider, and by people. */
export function PaymentHistory({ payment }: { payment: Payment }) {
  const { id, orderId } = payment;
  const shown = JSON.stringify(payment);
  const saga = useLoaded(() => readSteps(orderId), [shown]);
  const audit = useLoaded(() => readAudit(id), [shown]);
  const sagas = useLoaded(() => sagasOfOrder(orderId), [orderId]);
  const entries = [...refundsOf(payment), ...(saga.value ?? []), ...(audit.value ?? [])].sort((one, other) =>
    one.at < other.at ? -1 : 1,
  );
  return (
    <>
      <Fault text={saga.error && `What the order’s saga did is not shown: ${saga.error}`} />
      <Fault text={audit.error && `Who did something is not shown: ${audit.error}`} />
      <HistoryTable entries={entries} />
      {sagas.value
        ?.filter(({ traceId }) => traceId !== null)
        .map(({ name, traceId }) => (
          <p key={traceId}>
            <a href={`${CONSOLE}#/traces/${traceId}`}>Trace of {name}</a>
          </p>
        ))}
    </>
  );
}

function HistoryTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <ScrollTable label="History" columns={['When', 'What', 'Outcome', 'Details']}>
      {entries.map(({ at, what, state, details }) => (
        <tr key={`${at} ${what}`}>
          <td class="time">
            <Time at={at} />
          </td>
          <th scope="row">{what}</th>
          <td>
            <Badge state={state} />
          </td>
          <td>{details}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function refundsOf({ refunds }: Payment): Entry[] {
  return refunds.map(({ createdAt, amount, status, failureReason }) => ({
    at: createdAt,
    what: `refund of ${money(amount)}`,
    state: status,
    details: failureReason ?? '',
  }));
}

async function readSteps(orderId: string): Promise<Entry[]> {
  const params = { path: { id: orderId } };
  const { steps } = await shop.get('/api/orders/{id}/timeline', { params });
  return steps
    .filter(({ name }) => OF_PAYMENT.test(name))
    .map(({ startedAt, saga, name, kind, attempt, status, error }) => ({
      at: startedAt,
      what: `${saga}: ${kind === 'undo' ? 'take back ' : ''}${name}`,
      state: status,
      details: [attempt > 1 && `attempt ${attempt}`, error].filter(Boolean).join(', '),
    }));
}

async function readAudit(subject: string): Promise<Entry[]> {
  const { items } = await shop.page('/api/admin/audit', { subject, limit: '100' });
  return items.map(({ at, action, outcome, userId, userEmail }) => ({
    at,
    what: action,
    state: outcome,
    details: `by ${userEmail ?? userId ?? 'nobody who was signed in'}`,
  }));
}
