import { spawn, type ChildProcess } from 'node:child_process';

export interface Job {
  readonly name: string;
  /** Run by the Node of this process, or by npm. */
  readonly program: 'node' | 'npm';
  readonly parameters: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly job: Job;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs lanes of jobs side by side, the jobs of a lane one after the other: while some wait for programs and databases, others
 * compute. What the last lane prints is shown as it comes, that of each other job when the job ends. A job that fails stops no other.
 * SIGINT and SIGTERM are passed on.
 * @returns whether all jobs passed
 */
export async function runLanes(lanes: readonly (readonly Job[])[]): Promise<boolean> {
  const running = new Set<ChildProcess>();
  let isInterrupted = false;
  const stop = (signal: NodeJS.Signals): void => {
    isInterrupted = true;
    for (const child of running) child.kill(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const outcomes = await Promise.all(
    lanes.map(async (jobs, index) => {
      const ended: Outcome[] = [];
      for (const job of jobs) {
        if (isInterrupted) break;
        ended.push(await run(job, { running, isShown: index === lanes.length - 1 }));
      }
      return ended;
    }),
  );
  process.off('SIGINT', stop).off('SIGTERM', stop);
  const all = outcomes.flat();
  console.log(`\n${all.map(summaryOf).join('\n')}`);
  return !isInterrupted && all.every(({ passed }) => passed);
}

async function run(
  job: Job,
  { running, isShown }: { running: Set<ChildProcess>; isShown: boolean },
): Promise<Outcome> {
  const began = performance.now();
  const child = spawn(job.program === 'node' ? process.execPath : job.program, job.parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...job.env },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (isShown) process.stdout.write(chunk);
    });
  }
  const passed = await new Promise<boolean>((done, failed) => {
    child.once('error', failed).once('close', (code) => done(code === 0));
  });
  running.delete(child);
  if (!isShown) console.log(`\n${job.name}:\n${output}`);
  return { job, passed, output, seconds: (performance.now() - began) / 1000 };
}

/** With the counts of Node's test runner, if the job has any. */
function summaryOf({ job, passed, output, seconds }: Outcome): string {
  const counts = output.match(/^ℹ (tests|pass|fail|skipped) \d+$/gm)?.slice(-4) ?? [];
  const outcome = `${passed ? 'passed' : 'FAILED'} ${job.name}, ${seconds.toFixed(0)} s`;
  return [outcome, ...counts.map((line) => `  ${line}`)].join('\n');
}
