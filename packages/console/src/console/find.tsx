import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { shortId } from '../shared/format.ts';
import { textOfMissing } from '../shared/missing-contexts.ts';
import { FocusedInput } from '../shared/focused-input.tsx';
import { Fault } from '../shared/notices.tsx';
import type { Found } from '../shared/operator-api.ts';
import { messageOf } from '../shared/product-api.ts';
import { addressWith } from '../shared/use-query.ts';
import { followLinks } from './found-links.ts';
import { product } from './product.ts';
import { typedTraceId } from './traces.tsx';

interface PageName {
  readonly path: string;
  readonly title: string;
}

interface Option {
  readonly kind: string;
  readonly title: string;
  readonly href: string;
}

/** An id, or an address, is longer. */
const SHORTEST_ID = 6;
const TYPING_MS = 150;

/** @param hasUsers whether there is a page for each user; otherwise what they did is shown */
const addressesOf = (hasUsers: boolean): Readonly<Record<Found['kind'], (id: string) => string>> => ({
  saga: (id) => `#/sagas/${id}`,
  'dead letter': (id) => addressWith('#/dead-letters', { id }),
  user: (id) => (hasUsers ? `#/users/${id}` : addressWith('#/audit', { by: id })),
  'audit records': (subject) => addressWith('#/audit', { subject }),
});

/** A button, Ctrl-K or / opens a dialog that goes to a page by its name, or to anything by its id. */
export function Find({ pages }: { pages: readonly PageName[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
    dialog.current?.showModal();
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
      const isSlash = event.key === '/' && !isTyping(event.target);
      if (!isChord && !isSlash) return;
      event.preventDefault();
      open();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  return (
    <>
      <button type="button" aria-keyshortcuts="Control+K /" onClick={open}>
        Find
      </button>
      <dialog ref={dialog} class="find" aria-label="Go to" onClose={() => setOpen(false)}>
        {isOpen && <FindForm pages={pages} close={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]');
}

function FindForm({ pages, close }: { pages: readonly PageName[]; close(): void }) {
  const id = useId();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const hasUsers = pages.some(({ path }) => path === 'users');
  const { found, fault, isBusy } = useFound(text, hasUsers);
  const named = pages.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()));
  const options: Option[] = [
    ...named.map(({ path, title }) => ({ kind: 'page', title, href: `#/${path}` })),
    ...found,
  ];
  const current = Math.min(chosen, options.length - 1);
  const go = (option: Option | undefined): void => {
    if (!option) return;
    close();
    // Also to another page, of the product.
    location.assign(option.href);
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((current + step + options.length) % Math.max(1, options.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(options[current]);
    }
  };
  return (
    <>
      <FindInput {...{ id, text, current, pressed }} count={options.length} change={setText} />
      <Fault text={fault} />
      <OptionList {...{ id, options, current, go }} />
      <p role="status" class="hint">
        {options.length > 0
          ? `${options.length} found`
          : isBusy
            ? 'Searching…'
            : 'Nothing has that name or id.'}
      </p>
    </>
  );
}

interface OptionListProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly current: number;
  go(option: Option): void;
}

function OptionList({ id, options, current, go }: OptionListProps) {
  return (
    <ul id={id} role="listbox" aria-label="Found">
      {options.map((option, index) => (
        <li
          key={option.href}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === current}
          onClick={() => go(option)}
        >
          <span class="hint">{option.kind}</span> {option.title}
        </li>
      ))}
    </ul>
  );
}

interface FindInputProps {
  readonly id: string;
  readonly text: string;
  readonly current: number;
  readonly count: number;
  change(text: string): void;
  pressed(event: KeyboardEvent): void;
}

function FindInput({ id, text, current, count, change, pressed }: FindInputProps) {
  return (
    <label>
      A page by its name, or anything by its id or email
      <FocusedInput
        type="text"
        role="combobox"
        aria-expanded={count > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={count > 0 ? `${id}-${current}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={pressed}
      />
    </label>
  );
}

/** What the product knows by that id, once no more is typed. */
function useFound(text: string, hasUsers: boolean) {
  const nothing = { found: [] as readonly Option[], fault: undefined as string | undefined, isBusy: false };
  const [answer, setAnswer] = useState(nothing);
  const q = text.trim();
  useEffect(() => {
    if (q.length < SHORTEST_ID) return setAnswer(nothing);
    let isLatest = true;
    setAnswer({ ...nothing, isBusy: true });
    const timer = setTimeout(() => {
      void find(q, hasUsers)
        .catch((error: unknown) => ({ found: [], fault: messageOf(error) }))
        .then((next) => isLatest && setAnswer({ ...nothing, ...next }));
    }, TYPING_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [q, hasUsers]);
  return answer;
}

async function find(q: string, hasUsers: boolean) {
  // Processes keep traces for a while alone: its page says whether they still have it.
  const traceId = typedTraceId(q);
  if (traceId !== undefined) {
    const title = `…${shortId(traceId)}`;
    return { found: [{ kind: 'trace', title, href: `#/traces/${traceId}` }], fault: undefined };
  }
  const { items, links, missing } = await product.get('/api/admin/find', { params: { query: { q } } });
  const followed = await followLinks(links);
  const addresses = addressesOf(hasUsers);
  const known = items.map(({ kind, title, id }) => ({ kind, title, href: addresses[kind](id) }));
  return {
    // The thing itself comes before what is about it.
    found: [...followed.found, ...known],
    fault: textOfMissing('Not searched', [...missing, ...followed.missing]),
  };
}
