import type { QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { Badge } from '../shared/badge.tsx';
import { Filters } from '../shared/filters.tsx';
import { shortId } from '../shared/format.ts';
import { useLiveList } from '../shared/live-list.ts';
import { LiveTable } from '../shared/live-table.tsx';
import { useSay } from '../shared/notices.tsx';
import type { Saga } from '../shared/operator-api.ts';
import { messageOf } from '../shared/product-api.ts';
import { filterOf, type Query, useQuery } from '../shared/use-query.ts';
import { Time } from '../shared/time.tsx';
import { Bulk, type BulkAction } from './bulk.tsx';
import { product } from './product.ts';
import { useContexts } from './use-contexts.ts';

const STATUSES = ['running', 'compensating', 'completed', 'compensated'];
type SagaQuery = QueryOf<OperatorApi, '/api/admin/sagas'>;

/** What the address says goes to the API as it is, which refuses what it does not know and names it. */
const asked = (query: Query) => query as SagaQuery;

const sending =
  (action: 'retry' | 'abort'): BulkAction['send'] =>
  (filter, preview) =>
    product.post(`/api/admin/sagas/${action}`, { body: { filter: asked(filter), preview } });

const ACTIONS: readonly BulkAction[] = [
  { name: 'Retry', past: 'will be retried', send: sending('retry') },
  { name: 'Abort', past: 'will be taken back', isDangerous: true, send: sending('abort') },
];

/** Sagas of all contexts. Those that have not ended can be retried at once, or aborted: one, or all that the filter shows. */
export function SagasPage() {
  const say = useSay();
  const [query, change] = useQuery();
  const list = useLiveList(product, '/api/admin/sagas', asked(query));
  const filter = filterOf(query);
  const fields = [
    { name: 'id', label: 'Id, or what it is about' },
    { name: 'name', label: 'Name' },
    { name: 'status', label: 'Status', options: STATUSES },
    { name: 'context', label: 'Context', options: useContexts() },
  ];
  const act = async (id: string, what: 'retry' | 'abort'): Promise<void> => {
    try {
      await product.post(`/api/admin/sagas/{id}/${what}`, { params: { path: { id } } });
      say(what === 'retry' ? 'The saga tries again.' : 'The saga takes back what it did.');
    } catch (refusal) {
      say(messageOf(refusal));
    }
    void list.renew();
  };
  return (
    <>
      <h1 tabIndex={-1}>Sagas</h1>
      <Filters label="Filter sagas" {...{ fields, query, change }} />
      <Bulk actions={ACTIONS} filter={filter} done={() => void list.renew()} />
      <LiveTable
        list={list}
        what="saga"
        label="Sagas"
        columns={['Saga', 'About', 'Status', 'Begun', 'Error', 'Actions']}
        minor={['About', 'Begun']}
        empty="No sagas match."
      >
        {list.items.map((saga) => (
          <SagaRow key={saga.id} saga={saga} act={act} />
        ))}
      </LiveTable>
    </>
  );
}

interface SagaRowProps {
  readonly saga: Saga;
  act(id: string, what: 'retry' | 'abort'): Promise<void>;
}

function SagaRow({ saga: { id, name, context, status, subject, createdAt, error }, act }: SagaRowProps) {
  return (
    <tr>
      <th scope="row">
        <a href={`#/sagas/${id}`}>
          {context}: {name}
        </a>
      </th>
      <td>
        <span class="id" title={subject}>
          …{shortId(subject)}
        </span>
      </td>
      <td>
        <Badge state={status} />
      </td>
      <td class="time">
        <Time at={createdAt} />
      </td>
      <td>{error ?? ''}</td>
      <td>
        {(status === 'running' || status === 'compensating') && (
          <div class="actions">
            <button type="button" onClick={() => void act(id, 'retry')}>
              Retry now
            </button>
            {status === 'running' && (
              <button type="button" class="danger" onClick={() => void act(id, 'abort')}>
                Abort
              </button>
            )}
          </div>
        )}
      </td>
    </tr>
  );
}
