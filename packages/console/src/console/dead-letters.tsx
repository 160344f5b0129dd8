import type { QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { Filters } from '../shared/filters.tsx';
import { useLiveList } from '../shared/live-list.ts';
import { Fault, useSay } from '../shared/notices.tsx';
import type { DeadLetter } from '../shared/operator-api.ts';
import { messageOf } from '../shared/product-api.ts';
import { SureButton } from '../shared/sure-button.tsx';
import { filterOf, type Query, useQuery } from '../shared/use-query.ts';
import { WaitingRows } from '../shared/waiting-rows.tsx';
import { Time } from '../shared/time.tsx';
import { Bulk, type BulkAction } from './bulk.tsx';
import { product } from './product.ts';
import { TraceLink } from './trace-link.tsx';
import { useContexts } from './use-contexts.ts';

type LetterQuery = QueryOf<OperatorApi, '/api/admin/dead-letters'>;

/** What the address says goes to the API as it is, which refuses what it does not know and names it. */
const asked = (query: Query) => query as LetterQuery;

const sending =
  (action: 'replay' | 'discard'): BulkAction['send'] =>
  (filter, preview) =>
    product.post(`/api/admin/dead-letters/${action}`, { body: { filter: asked(filter), preview } });

const ACTIONS: readonly BulkAction[] = [
  { name: 'Replay', past: 'handled', send: sending('replay') },
  { name: 'Discard', past: 'discarded', isDangerous: true, send: sending('discard') },
];

/** Events that could not be handled, and what to do with them: with one, or with all that the filter shows. */
export function DeadLettersPage() {
  const say = useSay();
  const [query, change] = useQuery();
  const list = useLiveList(product, '/api/admin/dead-letters', asked(query));
  const filter = filterOf(query);
  const fields = [
    { name: 'text', label: 'Words of the reason' },
    { name: 'type', label: 'Type of the event' },
    { name: 'id', label: 'Id' },
    { name: 'context', label: 'Context', options: useContexts() },
  ];
  const act = async (id: string, what: 'replay' | 'discard'): Promise<void> => {
    try {
      await product.post(`/api/admin/dead-letters/{id}/${what}`, { params: { path: { id } } });
      say(what === 'replay' ? 'The event was handled.' : 'The event is gone.');
    } catch (refusal) {
      say(messageOf(refusal));
    }
    void list.renew();
  };
  return (
    <>
      <h1 tabIndex={-1}>Dead letters</h1>
      <p class="hint">
        Events whose handler refused them. Fix the cause, then replay them; what is discarded is never
        handled.
      </p>
      <Filters label="Filter dead letters" {...{ fields, query, change }} />
      <Bulk actions={ACTIONS} filter={filter} done={() => void list.renew()} />
      <WaitingRows list={list} what="dead letter" />
      <Fault text={list.error} />
      {list.items.length === 0 && <p class="empty">{list.isLoading ? 'Loading…' : emptyText(filter)}</p>}
      <div ref={list.frame}>
        <ul class="letters">
          {list.items.map((letter) => (
            <Letter key={letter.id} letter={letter} act={act} />
          ))}
        </ul>
        {list.hasMore && (
          <button type="button" onClick={() => void list.loadMore()}>
            Show more
          </button>
        )}
      </div>
    </>
  );
}

function emptyText(filter: Query): string {
  const isNarrowed = Object.keys(filter).length > 0;
  return isNarrowed ? 'No dead letters match.' : 'There are none: every event was handled.';
}

interface LetterProps {
  readonly letter: DeadLetter;
  act(id: string, what: 'replay' | 'discard'): Promise<void>;
}

function Letter({ letter: { id, context, type, reason, createdAt, event }, act }: LetterProps) {
  return (
    <li class="card">
      <h2>{type}</h2>
      <p class="hint">
        in {context}, <Time at={createdAt} />
      </p>
      <p>{reason}</p>
      <TraceLink traceparent={event['traceparent']} />
      <div class="actions">
        <button type="button" class="primary" onClick={() => void act(id, 'replay')}>
          Replay
        </button>
        <SureButton label="Discard" question="Discard for good" act={() => void act(id, 'discard')} />
      </div>
      <details>
        <summary>The event</summary>
        <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </li>
  );
}
