import { clockTime, time, timeWithZone } from './format.ts';

interface TimeProps {
  readonly at: string;
  /** Without the day, where that is today's. */
  readonly clock?: boolean;
}

/** A moment, in the reader's zone, which it names when asked. */
export function Time({ at, clock = false }: TimeProps) {
  return (
    <time dateTime={at} title={timeWithZone(at)}>
      {clock ? clockTime(at) : time(at)}
    </time>
  );
}
