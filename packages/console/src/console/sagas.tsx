import type { QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { useState } from 'preact/hooks';
import { Badge } from '../shared/badge.tsx';
import { shortId, time } from '../shared/format.ts';
import { useSay } from '../shared/notices.tsx';
import type { Saga } from '../shared/operator-api.ts';
import { PagedTable, usePages } from '../shared/paged.tsx';
import { messageOf } from '../shared/product-api.ts';
import { product } from './product.ts';

const STATUSES = ['running', 'compensating', 'completed', 'compensated'] as const;
type Query = QueryOf<OperatorApi, '/api/admin/sagas'>;

/** Sagas of all contexts. Those that have not ended can be tried at once, or called off. */
export function SagasPage() {
  const say = useSay();
  const [status, setStatus] = useState<Query['status']>();
  const pages = usePages(product, '/api/admin/sagas', status ? { status } : {});
  const act = async (id: string, what: 'retry' | 'abort'): Promise<void> => {
    try {
      await product.post(`/api/admin/sagas/{id}/${what}`, { params: { path: { id } } });
      say(what === 'retry' ? 'The saga tries again.' : 'The saga takes back what it did.');
    } catch (refusal) {
      say(messageOf(refusal));
    }
    pages.reload();
  };
  return (
    <>
      <h1 tabIndex={-1}>Sagas</h1>
      <div class="row">
        <label>
          Status
          <select
            onChange={({ currentTarget: { value } }) => setStatus((value || undefined) as Query['status'])}
          >
            <option value="">all</option>
            {STATUSES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
      </div>
      <PagedTable
        label="Sagas"
        columns={['Saga', 'About', 'Status', 'Begun', 'Error', '']}
        empty="There are no such sagas."
        pages={pages}
      >
        {pages.items.map((saga) => (
          <SagaRow key={saga.id} saga={saga} act={act} />
        ))}
      </PagedTable>
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
        <span class="id">…{shortId(subject)}</span>
      </td>
      <td>
        <Badge state={status} />
      </td>
      <td class="time">{time(createdAt)}</td>
      <td>{error ?? ''}</td>
      <td>
        {(status === 'running' || status === 'compensating') && (
          <div class="actions">
            <button type="button" onClick={() => void act(id, 'retry')}>
              Try now
            </button>
            {status === 'running' && (
              <button type="button" class="danger" onClick={() => void act(id, 'abort')}>
                Call off
              </button>
            )}
          </div>
        )}
      </td>
    </tr>
  );
}
