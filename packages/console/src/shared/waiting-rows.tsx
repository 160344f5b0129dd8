import { counted } from './format.ts';

interface WaitingRowsProps {
  readonly list: { readonly waiting: number; showWaiting(): void };
  /** Such as "saga". */
  readonly what: string;
}

/** Rows that are new, and would move those that somebody reads. The region is always there, so that it is read out. */
export function WaitingRows({ list: { waiting, showWaiting }, what }: WaitingRowsProps) {
  return (
    <div role="status">
      {waiting > 0 && (
        <button type="button" onClick={showWaiting}>
          Show {counted(waiting, `new ${what}`)}
        </button>
      )}
    </div>
  );
}
