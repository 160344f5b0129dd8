import { duration } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { Time } from '../shared/time.tsx';
import { Waterfall } from '../shared/waterfall.tsx';
import { lengthOf } from '../shared/waterfall-rows.ts';
import { product } from './product.ts';
import { logsOf } from './traces.tsx';
import { textOfMissingProcesses } from './use-recent.ts';

/** One trace: its spans in all processes over time. */
export function TracePage({ id }: { id: string }) {
  const { value, error, reload } = useLoaded(
    () => product.get('/api/admin/traces/{traceId}', { params: { path: { traceId: id } } }),
    [id],
  );
  const [root] = value?.spans ?? [];
  return (
    <>
      <p>
        <a href="#/traces">All traces</a>
      </p>
      <h1 tabIndex={-1}>Trace</h1>
      <Fault text={error ?? textOfMissingProcesses(value?.missing ?? [])} />
      <dl class="facts card">
        <dt>Id</dt>
        <dd class="id">{id}</dd>
        {value && root && (
          <>
            <dt>Began with</dt>
            <dd>{root.name}</dd>
            <dt>Begun</dt>
            <dd>
              <Time at={root.startedAt} />
            </dd>
            <dt>Took</dt>
            <dd>
              {duration(root.durationMs / 1000)}, all of it {duration(lengthOf(value.spans) / 1000)}
            </dd>
          </>
        )}
      </dl>
      <div class="row">
        <a href={logsOf(id)}>Its log lines</a>
        <button type="button" onClick={reload}>
          Refresh
        </button>
      </div>
      {value && <Waterfall spans={value.spans} consoleAt="" />}
    </>
  );
}
