import type { QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { useState } from 'preact/hooks';
import { Badge } from '../shared/badge.tsx';
import { shortId, time } from '../shared/format.ts';
import { PagedTable, usePages } from '../shared/paged.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';

type Query = QueryOf<OperatorApi, '/api/admin/audit'>;

/** What admins did, and what concerns security. */
export function AuditPage() {
  // Which contexts there are, the topology knows: a new one has a log too.
  const topology = useLoaded(() => product.get('/api/admin/topology'), []);
  const hosts = topology.value?.processes.flatMap((process) => process.hosts) ?? [];
  const contexts = hosts.filter((host) => host !== 'gateway').sort();
  const [context, setContext] = useState<Query['context']>();
  const pages = usePages(product, '/api/admin/audit', context ? { context } : {});
  return (
    <>
      <h1 tabIndex={-1}>Audit log</h1>
      <div class="row">
        <label>
          Context
          <select onChange={({ currentTarget: { value } }) => setContext(value || undefined)}>
            <option value="">all</option>
            {contexts.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
      </div>
      <PagedTable
        label="Audit log"
        columns={['When', 'What', 'Outcome', 'To what', 'By whom', 'Details']}
        empty="Nothing was recorded."
        pages={pages}
      >
        {pages.items.map(({ id, at, context: where, action, outcome, subject, userId, details }) => (
          <tr key={id}>
            <td class="time">{time(at)}</td>
            <th scope="row">
              {action} <span class="hint together">in {where}</span>
            </th>
            <td>
              <Badge state={outcome} />
            </td>
            <td class="id">{shortened(subject)}</td>
            <td class="id">{userId === null ? 'anonymous' : `…${shortId(userId)}`}</td>
            <td class="value">{detailsOf(details).join(', ')}</td>
          </tr>
        ))}
      </PagedTable>
    </>
  );
}

type Details = Readonly<Record<string, unknown>>;

/** Each with its name, but for those that neither were nor are. A change of the subject itself has none. */
function detailsOf(details: Details): string[] {
  if (isChange(details)) return [valueOf(details)];
  return Object.entries(details)
    .map(([name, value]) => [name, valueOf(value)] as const)
    .filter(([, value]) => value !== NOTHING)
    .map(([name, value]) => `${name} ${value}`);
}

const NOTHING = '–';

function valueOf(value: unknown): string {
  if (value === null) return NOTHING;
  if (typeof value !== 'object') return String(value);
  if (!isChange(value)) return JSON.stringify(value);
  const [from, to] = [valueOf(value.from), valueOf(value.to)];
  return from === NOTHING ? to : `${from} → ${to}`;
}

function isChange(value: object | undefined): value is { readonly from: unknown; readonly to: unknown } {
  return value !== undefined && Object.keys(value).sort().join() === 'from,to';
}

const LONGEST_SUBJECT = 24;

const shortened = (text: string): string => (text.length > LONGEST_SUBJECT ? `…${shortId(text)}` : text);
