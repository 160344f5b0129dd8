import type { ComponentChildren } from 'preact';

interface ScrollTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  /** The columns that a narrow screen goes without, so that the others are seen. */
  readonly minor?: readonly string[];
  /** Whether it takes all the room that there is. */
  readonly isWide?: boolean;
  readonly isBusy?: boolean;
  /** The rows. */
  readonly children: ComponentChildren;
}

/** A table that scrolls sideways by itself, also by keyboard, where it is wider than the page. */
export function ScrollTable(props: ScrollTableProps) {
  const { label, columns, minor = [], isWide = true, isBusy, children } = props;
  const classes = [isWide && 'wide', ...minor.map((name) => `minor-${columns.indexOf(name) + 1}`)];
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={label}>
      <table class={classes.filter(Boolean).join(' ') || undefined} aria-busy={isBusy}>
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
  );
}
