import type { Order } from '@fissile/client';
import { addressWith, Badge, Fault, ScrollTable, useLoaded, Waterfall } from '@fissile/console';
import { CONSOLE } from './console-address.ts';
import { sagasOfOrder } from './sagas-of-order.ts';
import { shop } from './shop.ts';

interface OrderSagasProps {
  readonly orderId: string;
  /** With another one there is more to see. */
  readonly status: Order['status'];
}

/** The sagas of an order, and what placing it took in all processes. Where operators have a port of their own, there is nothing here. */
export function OrderSagas({ orderId, status }: OrderSagasProps) {
  const { value: sagas } = useLoaded(() => sagasOfOrder(orderId), [orderId, status]);
  if (sagas === undefined || sagas.length === 0) return null;
  const traced = sagas.find(({ traceId }) => traceId !== null);
  return (
    <>
      <h2>Sagas</h2>
      <ScrollTable label="Sagas" columns={['Saga', 'Status', 'More']}>
        {sagas.map(({ id, name, status: state, traceId }) => (
          <tr key={id}>
            <th scope="row">
              <a href={`${CONSOLE}#/sagas/${id}`}>{name}</a>
            </th>
            <td>
              <Badge state={state} />
            </td>
            <td>
              {traceId !== null && (
                <>
                  <a href={`${CONSOLE}#/traces/${traceId}`}>Trace</a>,{' '}
                  <a href={addressWith(`${CONSOLE}#/logs`, { traceId })}>log lines</a>
                </>
              )}
            </td>
          </tr>
        ))}
      </ScrollTable>
      {traced?.traceId && <SagaTrace key={traced.traceId} name={traced.name} traceId={traced.traceId} />}
    </>
  );
}

function SagaTrace({ name, traceId }: { name: string; traceId: string }) {
  const params = { path: { traceId } };
  const { value, error, reload } = useLoaded(
    () => shop.get('/api/admin/traces/{traceId}', { params }),
    [traceId],
  );
  return (
    <>
      <div class="row spread">
        <h2>Trace of {name}</h2>
        <button type="button" onClick={reload}>
          Refresh
        </button>
      </div>
      <Fault text={error && `It is not shown: ${error}`} />
      {value && <Waterfall spans={value.spans} consoleAt={CONSOLE} />}
    </>
  );
}
