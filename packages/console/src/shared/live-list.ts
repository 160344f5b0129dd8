import type { ApiClient, ItemOf, ListPath, Page, PathMap, QueryOf } from '@fissile/api-client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { textOfMissing } from './missing-contexts.ts';
import { messageOf } from './product-api.ts';
import { useEvery } from './use-loaded.ts';

const PAGE_SIZE = '20';
const RENEW_EVERY_MS = 5_000;

interface Rows<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly missing: NonNullable<Page<unknown>['missing']>;
}

const NONE = { items: [], nextCursor: null, missing: [] };

/**
 * A list of the API that renews itself while the page can be seen. Nothing moves that somebody reads: while the list is scrolled to, has
 * the focus, or text of it is selected, rows change in place, and new ones wait until they are asked for.
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
  const ask = (use: (page: Rows<Item>) => void, cursor?: string): Promise<void> =>
    requests.send(
      async () =>
        ({
          missing: [],
          ...(await client.page(path, { ...query, limit: PAGE_SIZE, cursor })),
        }) as unknown as Rows<Item>,
      use,
    );
  const show = (next: Rows<Item>): void => {
    setRows(next);
    setHeld(undefined);
  };
  useEffect(() => {
    show(NONE);
    void ask(show);
    return requests.drop;
  }, [path, JSON.stringify(query)]);
  const renew = (): Promise<void> => ask((page) => show(renewed(rows, page)));
  useEvery(RENEW_EVERY_MS, () => {
    if (requests.isBusy) return;
    void ask((page) => {
      const next = renewed(rows, page);
      show(isRead(frame.current) ? changedInPlace(rows, page) : next);
      setHeld(next);
    });
  });
  const loadMore = (): Promise<void> =>
    ask((page) => show({ ...page, items: [...rows.items, ...page.items] }), rows.nextCursor ?? undefined);
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

/** The first page as it is now, and the rows behind it as they were. Without a row in common there may be others in between. */
function renewed<T extends { readonly id: string }>(rows: Rows<T>, page: Rows<T>): Rows<T> {
  const fresh = new Set(page.items.map(({ id }) => id));
  const lastKnown = rows.items.findLastIndex(({ id }) => fresh.has(id));
  const behind = rows.items.slice(lastKnown + 1);
  if (page.nextCursor === null || lastKnown < 0 || behind.length === 0) return page;
  return { ...page, items: [...page.items, ...behind], nextCursor: rows.nextCursor };
}

function countNew<T extends { readonly id: string }>(rows: Rows<T>, held: Rows<T>): number {
  const known = new Set(rows.items.map(({ id }) => id));
  return held.items.filter(({ id }) => !known.has(id)).length;
}

function changedInPlace<T extends { readonly id: string }>(rows: Rows<T>, page: Rows<T>): Rows<T> {
  const fresh = new Map(page.items.map((item) => [item.id, item]));
  return { ...rows, items: rows.items.map((item) => fresh.get(item.id) ?? item), missing: page.missing };
}

function isRead(frame: HTMLElement | null): boolean {
  if (!frame) return false;
  const selection = getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && frame.contains(selection.anchorNode);
  return isSelected || frame.contains(document.activeElement) || frame.getBoundingClientRect().top < 0;
}
