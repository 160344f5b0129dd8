import { Badge } from '../shared/badge.tsx';

import { Fault } from '../shared/notices.tsx';
import { TimelinePicture } from '../shared/timeline.tsx';
import { useEvery, useLoaded } from '../shared/use-loaded.ts';
import { Time } from '../shared/time.tsx';
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
          <dl class="facts card">
            <dt>Id</dt>
            <dd class="id">{id}</dd>
            <dt>Saga</dt>
            <dd>
              {value.context}: {value.name}
            </dd>
            <dt>About</dt>
            <dd class="id">{value.subject}</dd>
            <dt>Status</dt>
            <dd aria-live="polite">
              <Badge state={value.status} /> {value.error ?? ''}
            </dd>
            <dt>Begun</dt>
            <dd>
              <Time at={value.createdAt} />
            </dd>
            {value.traceId !== null && (
              <>
                <dt>Trace</dt>
                <dd class="id">
                  <a href={`#/traces/${value.traceId}`}>{value.traceId}</a> (
                  <a href={logsOf(value.traceId)}>log lines</a>)
                </dd>
              </>
            )}
          </dl>
          <h2>Timeline</h2>
          <TimelinePicture {...value} />
        </>
      )}
    </>
  );
}
