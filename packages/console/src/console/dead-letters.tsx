import { useState } from 'preact/hooks';
import { time } from '../shared/format.ts';
import { Fault, useSay } from '../shared/notices.tsx';
import type { DeadLetter } from '../shared/operator-api.ts';
import { usePages } from '../shared/paged.tsx';
import { messageOf } from '../shared/product-api.ts';
import { product } from './product.ts';

/** Events that could not be handled, and what to do with them. */
export function DeadLettersPage() {
  const say = useSay();
  const pages = usePages(product, '/api/admin/dead-letters', {});
  const act = async (id: string, what: 'replay' | 'discard'): Promise<void> => {
    try {
      await product.post(`/api/admin/dead-letters/{id}/${what}`, { params: { path: { id } } });
      say(what === 'replay' ? 'The event was handled.' : 'The event is gone.');
    } catch (refusal) {
      say(messageOf(refusal));
    }
    pages.reload();
  };
  return (
    <>
      <h1 tabIndex={-1}>Dead letters</h1>
      <p class="hint">
        Events whose handler refused them. Mend the cause, then replay them; what is discarded is never
        handled.
      </p>
      <div class="row">
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
      </div>
      <Fault text={pages.error} />
      {pages.items.length === 0 && (
        <p class="empty">{pages.isLoading ? 'Loading…' : 'There are none: every event was handled.'}</p>
      )}
      <ul class="letters">
        {pages.items.map((letter) => (
          <Letter key={letter.id} letter={letter} act={act} />
        ))}
      </ul>
      {pages.hasMore && (
        <button type="button" onClick={() => void pages.loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}

interface LetterProps {
  readonly letter: DeadLetter;
  act(id: string, what: 'replay' | 'discard'): Promise<void>;
}

function Letter({ letter: { id, context, type, reason, createdAt, event }, act }: LetterProps) {
  const [isSure, setSure] = useState(false);
  return (
    <li class="card">
      <h2>{type}</h2>
      <p class="hint">
        in {context}, {time(createdAt)}
      </p>
      <p>{reason}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void act(id, 'replay')}>
          Replay
        </button>
        {isSure ? (
          <button
            type="button"
            class="danger"
            onClick={() => void act(id, 'discard')}
            onBlur={() => setSure(false)}
          >
            Discard for good
          </button>
        ) : (
          <button type="button" onClick={() => setSure(true)}>
            Discard…
          </button>
        )}
      </div>
      <details>
        <summary>The event</summary>
        <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </li>
  );
}
