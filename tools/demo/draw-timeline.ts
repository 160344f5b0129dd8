import type { Resource } from '@fissile/client';

/** A line for each attempt of a step: execution points right, compensation points left. */
export function drawTimeline({ steps, status }: Pick<Resource<'OrderTimeline'>, 'steps' | 'status'>): string {
  const lines = steps.map(({ name, kind, attempt, status: outcome, startedAt, endedAt, error }) => {
    const arrow = kind === 'do' ? '──▶' : '◀──';
    const mark = outcome === 'done' ? '✔' : outcome === 'failed' ? '✘' : '…';
    const took = endedAt === null ? '' : `${new Date(endedAt).getTime() - new Date(startedAt).getTime()} ms`;
    const again = attempt > 1 ? ` (attempt ${attempt})` : '';
    return `      ${mark} ${arrow} ${name.padEnd(20)}${took.padStart(8)}${again}${error ? `  ${error}` : ''}`;
  });
  return [...lines, `      ${status}`].join('\n');
}
