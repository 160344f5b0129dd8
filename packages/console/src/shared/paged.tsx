import type { ApiClient, ItemOf, ListPath, Page, PathMap, QueryOf } from '@fissile/api-client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { allMissing, textOfMissing } from './missing-contexts.ts';
import { Fault } from './notices.tsx';
import { messageOf } from './product-api.ts';
import { ScrollTable } from './scroll-table.tsx';
import { useLoaded } from './use-loaded.ts';

const PAGE_SIZE = '20';

/** A list of the API, its first page now and the others on demand. */
export function usePages<Paths extends PathMap, P extends ListPath<Paths>>(
  client: ApiClient<Paths>,
  path: P,
  query: QueryOf<Paths, P>,
) {
  const [more, setMore] = useState<Page<ItemOf<Paths, P>>>();
  const [fault, setFault] = useState<string>();
  const first = useLoaded(() => {
    setMore(undefined);
    return client.page(path, { ...query, limit: PAGE_SIZE });
  }, [path, JSON.stringify(query)]);
  const nextCursor = (more ?? first.value)?.nextCursor ?? null;
  const loadMore = async (): Promise<void> => {
    try {
      const page = await client.page(path, { ...query, limit: PAGE_SIZE, cursor: nextCursor ?? undefined });
      setMore({
        ...page,
        items: [...(more?.items ?? []), ...page.items],
        missing: allMissing([more?.missing, page.missing]),
      });
    } catch (error) {
      setFault(messageOf(error));
    }
  };
  return {
    items: [...(first.value?.items ?? []), ...(more?.items ?? [])],
    hasMore: nextCursor !== null,
    isLoading: first.isLoading,
    error:
      first.error ??
      fault ??
      textOfMissing('Not in this list', allMissing([first.value?.missing, more?.missing])),
    reload: first.reload,
    loadMore,
  };
}

interface PagedTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  /** The columns that a narrow screen goes without, so that the others are seen. */
  readonly minor?: readonly string[];
  readonly empty: string;
  readonly pages: Pick<ReturnType<typeof usePages>, 'hasMore' | 'isLoading' | 'error' | 'loadMore'>;
  /** The rows. */
  readonly children: readonly ComponentChildren[];
}

/** A table that grows by pages. */
export function PagedTable({ label, columns, minor, empty, pages, children }: PagedTableProps) {
  const { hasMore, isLoading, error, loadMore } = pages;
  return (
    <>
      <Fault text={error} />
      <ScrollTable {...{ label, columns, minor }} isBusy={isLoading}>
        {children}
      </ScrollTable>
      {children.length === 0 && !error && <p class="empty">{isLoading ? 'Loading…' : empty}</p>}
      {hasMore && (
        <button type="button" onClick={() => void loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}
