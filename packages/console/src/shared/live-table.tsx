import type { ComponentProps, RefObject } from 'preact';
import { PagedTable } from './paged.tsx';
import { WaitingRows } from './waiting-rows.tsx';

type PagedTableProps = ComponentProps<typeof PagedTable>;

interface LiveTableProps extends Omit<PagedTableProps, 'pages'> {
  /** Of `useLiveList`. */
  readonly list: PagedTableProps['pages'] &
    ComponentProps<typeof WaitingRows>['list'] & { readonly frame: RefObject<HTMLDivElement | null> };
  /** What a row is, such as "saga". */
  readonly what: string;
}

/** A table whose rows renew themselves, and wait to be shown where they would move what somebody reads. */
export function LiveTable({ list, what, ...table }: LiveTableProps) {
  return (
    <>
      <WaitingRows list={list} what={what} />
      <div ref={list.frame}>
        <PagedTable {...table} pages={list} />
      </div>
    </>
  );
}
