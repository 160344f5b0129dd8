import { useEffect, useState } from 'preact/hooks';
import { count } from '../shared/format.ts';
import { textOfMissing } from '../shared/missing-contexts.ts';
import { Fault, useSay } from '../shared/notices.tsx';
import type { BulkResult } from '../shared/operator-api.ts';
import { messageOf } from '../shared/product-api.ts';
import type { Query } from '../shared/use-query.ts';

export interface BulkAction {
  /** Such as "Retry". */
  readonly name: string;
  /** Such as "retried". */
  readonly past: string;
  readonly isDangerous?: boolean;
  send(filter: Query, preview: boolean): Promise<BulkResult>;
}

interface BulkProps {
  readonly actions: readonly BulkAction[];
  readonly filter: Query;
  /** Called when something was done. */
  done(): void;
}

interface Asked {
  readonly action: BulkAction;
  readonly filter: Query;
  readonly preview: BulkResult;
}

/** Buttons that act on all that the filter shows. Each first says how many there are. */
export function Bulk({ actions, filter, done }: BulkProps) {
  const say = useSay();
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setAsked(undefined), [JSON.stringify(filter)]);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    await work().catch((error: unknown) => setFault(messageOf(error)));
    setBusy(false);
  };
  const ask = (action: BulkAction) =>
    attempt(async () => {
      // What comes after the question is not part of it.
      const asOf = { ...filter, to: filter['to'] ?? new Date().toISOString() };
      setAsked({ action, filter: asOf, preview: await action.send(asOf, true) });
    });
  const act = ({ action, filter: asOf }: Asked) =>
    attempt(async () => {
      const result = await action.send(asOf, false);
      setAsked(undefined);
      setFault(textOfMissing('Not done in these contexts', result.missing));
      say(outcomeOf(action, result));
      done();
    });
  return (
    <>
      <div class="row">
        {actions.map((action) => (
          <button key={action.name} type="button" disabled={isBusy} onClick={() => void ask(action)}>
            {action.name} all…
          </button>
        ))}
      </div>
      <Fault text={fault} />
      <div role="status">
        {asked && (
          <Question
            {...asked}
            isBusy={isBusy}
            act={() => void act(asked)}
            cancel={() => setAsked(undefined)}
          />
        )}
      </div>
    </>
  );
}

type QuestionProps = Asked & { readonly isBusy: boolean; act(): void; cancel(): void };

function Question({ action, preview, isBusy, act, cancel }: QuestionProps) {
  const { matching, eligible, more, missing } = preview;
  const verb = action.name.toLowerCase();
  return (
    <div class="card question">
      <p>
        {eligible === 0
          ? `${count(matching)} match, and there is none to ${verb}.`
          : `${count(eligible)} of ${count(matching)} match: ${verb} ${count(eligible)}?`}
        {more && ' There are more: it is done to the oldest 1,000 at a time.'}
      </p>
      <Fault text={textOfMissing('Not counted', missing)} />
      <div class="actions">
        {eligible > 0 && (
          <button
            type="button"
            class={action.isDangerous ? 'danger' : 'primary'}
            disabled={isBusy}
            onClick={act}
          >
            {action.name} {count(eligible)}
          </button>
        )}
        <button type="button" onClick={cancel}>
          {eligible > 0 ? 'Cancel' : 'Close'}
        </button>
      </div>
    </div>
  );
}

function outcomeOf({ past }: BulkAction, { done, failed, more }: BulkResult): string {
  const failures = failed > 0 ? `, ${count(failed)} failed again` : '';
  return `${count(done)} ${past}${failures}.${more ? ' There are more.' : ''}`;
}
