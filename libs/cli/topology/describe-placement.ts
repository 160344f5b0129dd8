import type { ControlView } from '@fissile/kit/operations';

/** A table for the terminal: a line for each process. */
export function describePlacement({ topology, version, processes, change }: ControlView): string {
  const header = ['process', 'hosts', 'may take', 'state', 'pid'];
  const rows = processes.map(({ name, hosts, standby, state, pids }) => [
    name,
    hosts.join(', '),
    standby.join(', '),
    state,
    pids.join(', '),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  const last = change ? [`last change: ${change.what}, ${change.stage}`] : [];
  return [`topology ${topology}, version ${version} of the placement`, ...last, '', ...lines].join('\n');
}
