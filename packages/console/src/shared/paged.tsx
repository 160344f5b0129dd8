import type { ItemOf, ListPath, QueryOf, ShopClient } from '@fissile/client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Fault } from './notices.tsx';
import { messageOf } from './shop-api.ts';
import { useLoaded } from './use-loaded.ts';

const PAGE_SIZE = '20';

/** A list of the API, its first page now and the others on demand. */
export function usePages<P extends ListPath>(client: ShopClient, path: P, query: QueryOf<P>) {
  const [more, setMore] = useState<{ items: readonly ItemOf<P>[]; nextCursor: string | null }>();
  const [fault, setFault] = useState<string>();
  const first = useLoaded(() => {
    setMore(undefined);
    return client.page(path, { ...query, limit: PAGE_SIZE });
  }, [path, JSON.stringify(query)]);
  const nextCursor = (more ?? first.value)?.nextCursor ?? null;
  const loadMore = async (): Promise<void> => {
    try {
      const page = await client.page(path, { ...query, limit: PAGE_SIZE, cursor: nextCursor ?? undefined });
      setMore({ items: [...(more?.items ?? []), ...page.items], nextCursor: page.nextCursor });
    } catch (error) {
      setFault(messageOf(error));
    }
  };
  return {
    items: [...(first.value?.items ?? []), ...(more?.items ?? [])],
    hasMore: nextCursor !== null,
    isLoading: first.isLoading,
    error: first.error ?? fault,
    reload: first.reload,
    loadMore,
  };
}

interface PagedTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly empty: string;
  readonly pages: Pick<ReturnType<typeof usePages>, 'hasMore' | 'isLoading' | 'error' | 'loadMore'>;
  /** The rows. */
  readonly children: readonly ComponentChildren[];
}

/** A table that grows by pages. */
export function PagedTable({ label, columns, empty, pages, children }: PagedTableProps) {
  const { hasMore, isLoading, error, loadMore } = pages;
  return (
    <>
      <Fault text={error} />
      <div class="scroll" tabIndex={0} role="group" aria-label={label}>
        <table class="wide" aria-busy={isLoading}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      {children.length === 0 && !error && <p class="empty">{isLoading ? 'Loading…' : empty}</p>}
      {hasMore && (
        <button type="button" onClick={() => void loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}
