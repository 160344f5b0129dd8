import { Badge } from '../shared/badge.tsx';
import { Fault } from '../shared/notices.tsx';
import type { SagaDetails } from '../shared/operator-api.ts';
import { TimelinePicture } from '../shared/timeline.tsx';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { Time } from '../shared/time.tsx';
import { followLinks, type FoundLink } from './found-links.ts';
import { product } from './product.ts';
import { logsOf } from './traces.tsx';

const POLL_EVERY_MS = 1_000;

/** One saga of any context: what it is about, and its steps over time. */
export function SagaPage({ id }: { id: string }) {
  const { value, error, reload } = useLoaded(
    () => product.get('/api/admin/sagas/{id}', { params: { path: { id } } }),
    [id],
  );
  useEvery(POLL_EVERY_MS, reload, value?.status === 'running' || value?.status === 'compensating');
  return (
    <>
      <p>
        <a href="#/sagas">All sagas</a>
      </p>
      <h1 tabIndex={-1}>Saga</h1>
      <Fault text={error} />
      {value && (
        <>
          <Facts saga={value} />
          <h2>Timeline</h2>
          <TimelinePicture {...value} />
        </>
      )}
    </>
  );
}

function Facts({ saga }: { saga: SagaDetails }) {
  return (
    <dl class="facts card">
      <dt>Id</dt>
      <dd class="id">{saga.id}</dd>
      <dt>Saga</dt>
      <dd>
        {saga.context}: {saga.name}
      </dd>
      <dt>About</dt>
      <dd class="id">
        <Subject id={saga.subject} />
      </dd>
      <dt>Status</dt>
      <dd aria-live="polite">
        <Badge state={saga.status} /> {saga.error ?? ''}
      </dd>
      <dt>Begun</dt>
      <dd>
        <Time at={saga.createdAt} />
      </dd>
      {saga.traceId !== null && (
        <>
          <dt>Trace</dt>
          <dd class="id">
            <a href={`#/traces/${saga.traceId}`}>{saga.traceId}</a> (
            <a href={logsOf(saga.traceId)}>log lines</a>)
          </dd>
        </>
      )}
    </dl>
  );
}

/** What the saga is about, with the pages of the product that show it. */
function Subject({ id }: { id: string }) {
  const { value: found } = useLoaded(() => findThing(id), [id]);
  return (
    <>
      {id}
      {found?.map(({ kind, href }) => (
        <>
          {' '}
          (<a href={href}>{kind}</a>)
        </>
      ))}
    </>
  );
}

async function findThing(q: string): Promise<readonly FoundLink[]> {
  const { links } = await product.get('/api/admin/find', { params: { query: { q } } });
  return (await followLinks(links)).found;
}
