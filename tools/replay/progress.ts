import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './replay.js';

/** A progress bar for each stage; without a terminal, one line for each. */
export function createProgress(): Progress & { stop(): void } {
  const bar = new SingleBar(
    { format: '  {stage} {bar} {value}/{total}', hideCursor: true, noTTYOutput: true, notTTYSchedule: 5_000 },
    Presets.shades_classic,
  );
  let running = false;
  const stop = (): void => {
    if (running) bar.stop();
    running = false;
  };
  return {
    stage: (name, total) => {
      stop();
      bar.start(total, 0, { stage: name.padEnd(12) });
      running = true;
    },
    step: () => bar.increment(),
    stop,
  };
}
