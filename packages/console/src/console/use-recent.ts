import { useState } from 'preact/hooks';
import { textOfMissing } from '../shared/missing-contexts.ts';
import { messageOf } from '../shared/product-api.ts';
import { useLoaded } from '../shared/use-loaded.ts';

/** A process that did not answer, and the code of the error that came instead. */
interface MissingProcess {
  readonly process: string;
  readonly reason: string;
}

interface RecentPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly missing: readonly MissingProcess[];
}

export const textOfMissingProcesses = (missing: readonly MissingProcess[]): string | undefined =>
  textOfMissing(
    'Not all is here',
    missing.map(({ process, reason }) => ({ context: process, reason })),
  );

/** A list of what the processes have kept in memory: its first page now, and the others on demand. */
export function useRecent<Item, Page extends RecentPage<Item>>(
  load: (cursor: string | undefined) => Promise<Page & RecentPage<Item>>,
  dependencies: readonly unknown[],
) {
  const [more, setMore] = useState<readonly Page[]>([]);
  const [fault, setFault] = useState<string>();
  const first = useLoaded(() => {
    setMore([]);
    setFault(undefined);
    return load(undefined);
  }, dependencies);
  const pages = [...(first.value ? [first.value] : []), ...more];
  const nextCursor = pages.at(-1)?.nextCursor ?? null;
  const loadMore = async (): Promise<void> => {
    try {
      const page = await load(nextCursor ?? undefined);
      setMore([...more, page]);
    } catch (error) {
      setFault(messageOf(error));
    }
  };
  return {
    first: first.value,
    items: pages.flatMap(({ items }) => items),
    hasMore: nextCursor !== null,
    isLoading: first.isLoading,
    error: first.error ?? fault ?? textOfMissingProcesses(pages.flatMap(({ missing }) => missing)),
    reload: first.reload,
    loadMore,
  };
}
