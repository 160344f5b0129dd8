import type { ItemOf, QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { Badge } from '../shared/badge.tsx';
import { Filters } from '../shared/filters.tsx';
import { shortId } from '../shared/format.ts';
import { useLiveList } from '../shared/live-list.ts';
import { LiveTable } from '../shared/live-table.tsx';
import { addressWith, useQuery } from '../shared/use-query.ts';
import { Time } from '../shared/time.tsx';
import { product } from './product.ts';
import { useContexts } from './use-contexts.ts';

type AuditQuery = QueryOf<OperatorApi, '/api/admin/audit'>;
type AuditEvent = ItemOf<OperatorApi, '/api/admin/audit'>;

/** What admins did, and what concerns security. */
export function AuditPage() {
  const [query, change] = useQuery();
  const list = useLiveList(product, '/api/admin/audit', query as AuditQuery);
  const fields = [
    { name: 'by', label: 'By whom', placeholder: 'email or id' },
    { name: 'action', label: 'What', placeholder: 'such as saga.retried' },
    { name: 'subject', label: 'To what', placeholder: 'id' },
    { name: 'context', label: 'Context', options: useContexts() },
  ];
  return (
    <>
      <h1 tabIndex={-1}>Audit log</h1>
      <Filters label="Filter the audit log" {...{ fields, query, change }} />
      <LiveTable
        list={list}
        what="record"
        label="Audit log"
        columns={['When', 'What', 'Outcome', 'To what', 'By whom', 'Details']}
        minor={['To what', 'Details']}
        empty="Nothing matches."
      >
        {list.items.map((event) => (
          <AuditRow key={event.id} event={event} />
        ))}
      </LiveTable>
    </>
  );
}

function AuditRow({ event }: { event: AuditEvent }) {
  const { at, context, action, outcome, subject, userId, userEmail, details } = event;
  return (
    <tr>
      <td class="time">
        <Time at={at} />
      </td>
      <th scope="row">
        {action} <span class="hint together">in {context}</span>
      </th>
      <td>
        <Badge state={outcome} />
      </td>
      <td class="id">
        <a class="id" href={addressWith('#/audit', { subject })} title={subject}>
          {shortened(subject)}
        </a>
      </td>
      <td class="id">
        {userId === null ? (
          'anonymous'
        ) : (
          <a href={addressWith('#/audit', { by: userId })} title={userId}>
            {userEmail ?? `…${shortId(userId)}`}
          </a>
        )}
      </td>
      <td class="value">{detailsOf(details).join(', ')}</td>
    </tr>
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
