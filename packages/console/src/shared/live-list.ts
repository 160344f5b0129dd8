import type { ApiClient, ItemOf, ListPath, Page, PathMap, QueryOf } from '@fissile/api-client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { allMissing, textOfMissing } from './missing-contexts.ts';
import { messageOf } from './product-api.ts';
import { useEvery } from './use-loaded.ts';

const PAGE_SIZE = 20;
/** As much as a request may ask for. */
const LARGEST_PAGE = 100;
const RENEW_EVERY_MS = 5_000;

interface Rows<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly missing: NonNullable<Page<unknown>['missing']>;
}

const NONE = { items: [], nextCursor: null, missing: [] };

/**
 * A list of the API that renews itself, as far as it was loaded, while the page can be seen. Nothing moves that somebody reads: while the
 * list is scrolled to, has the focus, or text of it is selected, rows change in place, and new ones wait until they are asked for.
 */
export function useLiveList<
  Paths extends PathMap,
  P extends ListPath<Paths>,
  Item extends ItemOf<Paths, P> & { readonly id: string },
>(client: ApiClient<Paths>, path: P, query: QueryOf<Paths, P>) {
  const frame = useRef<HTMLDivElement>(null);
  const [rows, setRows] = useState<Rows<Item>>(NONE);
  /** What the list is to be, once somebody wants to see it. */
  const [held, setHeld] = useState<Rows<Item>>();
  const requests = useLatest();
  const read: ReadPage<Item> = async (limit, cursor) => {
    const within = { ...query, limit: String(limit), cursor: cursor ?? undefined };
    return { missing: [], ...(await client.page(path, within)) } as unknown as Rows<Item>;
  };
  const readLoaded = (): Promise<Rows<Item>> =>
    readMany(read, Math.max(PAGE_SIZE, rows.items.length, held?.items.length ?? 0));
  const show = (next: Rows<Item>): void => {
    setRows(next);
    setHeld(undefined);
  };
  useEffect(() => {
    show(NONE);
    void requests.send(() => read(PAGE_SIZE, null), show);
    return requests.drop;
  }, [path, JSON.stringify(query)]);
  const renew = (): Promise<void> => requests.send(readLoaded, (fresh) => show(renewed(rows, fresh)));
  useEvery(RENEW_EVERY_MS, () => {
    if (requests.isBusy) return;
    void requests.send(readLoaded, (fresh) => {
      const next = renewed(rows, fresh);
      show(isRead(frame.current) ? changedInPlace(rows, fresh) : next);
      setHeld(next);
    });
  });
  const loadMore = (): Promise<void> =>
    requests.send(
      () => read(PAGE_SIZE, rows.nextCursor),
      (page) => show({ ...page, items: [...rows.items, ...page.items] }),
    );
  return {
    frame,
    items: rows.items,
    hasMore: rows.nextCursor !== null,
    isLoading: requests.isBusy && rows.items.length === 0,
    error: requests.error ?? textOfMissing('Not in this list', rows.missing),
    renew,
    loadMore,
    /** How many rows are new. */
    waiting: held ? countNew(rows, held) : 0,
    showWaiting: () => held && show(held),
  };
}

type ReadPage<T> = (limit: number, cursor: string | null) => Promise<Rows<T>>;

/** The first rows, as many as that, in as few requests as it takes. */
async function readMany<T>(read: ReadPage<T>, count: number): Promise<Rows<T>> {
  let all: Rows<T> = NONE;
  for (let left = count; left > 0; left -= LARGEST_PAGE) {
    const page = await read(Math.min(left, LARGEST_PAGE), all.nextCursor);
    all = { ...page, items: [...all.items, ...page.items], missing: allMissing([all.missing, page.missing]) };
    if (all.nextCursor === null) break;
  }
  return all;
}

/**
 * One request at a time counts: the answer of one that another has followed is dropped. So a renewal does not begin while something else is
 * asked for.
 */
function useLatest() {
  const latest = useRef(0);
  const [isBusy, setBusy] = useState(true);
  const [error, setError] = useState<string>();
  const send = async <T>(request: () => Promise<T>, use: (answer: T) => void): Promise<void> => {
    const number = ++latest.current;
    setBusy(true);
    try {
      const answer = await request();
      if (number !== latest.current) return;
      use(answer);
      setError(undefined);
    } catch (thrown) {
      if (number === latest.current) setError(messageOf(thrown));
    } finally {
      if (number === latest.current) setBusy(false);
    }
  };
  const drop = (): void => void (latest.current += 1);
  return { isBusy, error, send, drop };
}

/**
 * The rows as they are now. Those that new ones have pushed out of what was read again stay as they were, until the next time; without a
 * row in common there may be others in between.
 */
function renewed<T extends { readonly id: string }>(rows: Rows<T>, fresh: Rows<T>): Rows<T> {
  const last = fresh.items.at(-1)?.id;
  const behind = rows.items.slice(rows.items.findIndex(({ id }) => id === last) + 1);
  if (fresh.nextCursor === null || behind.length === 0 || behind.length === rows.items.length) return fresh;
  return { ...fresh, items: [...fresh.items, ...behind], nextCursor: rows.nextCursor };
}

function countNew<T extends { readonly id: string }>(rows: Rows<T>, held: Rows<T>): number {
  const known = new Set(rows.items.map(({ id }) => id));
  return held.items.filter(({ id }) => !known.has(id)).length;
}

function changedInPlace<T extends { readonly id: string }>(rows: Rows<T>, fresh: Rows<T>): Rows<T> {
  const byId = new Map(fresh.items.map((item) => [item.id, item]));
  return { ...rows, items: rows.items.map((item) => byId.get(item.id) ?? item), missing: fresh.missing };
}

function isRead(frame: HTMLElement | null): boolean {
  if (!frame) return false;
  const selection = getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && frame.contains(selection.anchorNode);
  return isSelected || frame.contains(document.activeElement) || frame.getBoundingClientRect().top < 0;
}
