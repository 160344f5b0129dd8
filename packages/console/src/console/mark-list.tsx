import type { History } from '../shared/operator-api.ts';
import { Time } from '../shared/time.tsx';

type Mark = History['marks'][number];

/** What the upright lines in the pictures are, the newest first: in one line, so that a new one moves nothing. */
export function MarkList({ history: { points, marks } }: { history: History }) {
  return (
    <div class="marks" tabIndex={0} role="group" aria-label="Restarts and moves, scrolls sideways">
      {marks.length === 0 ? (
        <p>
          {points.length === 0
            ? 'The gateway keeps figures from its start on: the first come in a few seconds.'
            : 'No process was restarted, and no context has moved.'}
        </p>
      ) : (
        <ul>
          {marks.toReversed().map((mark, index) => (
            <li key={index}>
              <svg width="8" height="16" aria-hidden="true" class="sample">
                <path d="M4 0V16" class={`mark ${mark.kind}`} />
              </svg>
              <Time at={mark.at} clock /> {textOf(mark)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function textOf({ kind, process, context }: Mark): string {
  if (kind === 'started') return `${process} started`;
  return kind === 'down' ? `${process} did not answer` : `${context ?? ''} moved to ${process}`;
}
