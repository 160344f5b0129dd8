import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { type PlannedProcess, TransportSettings } from '@fissile/kit/rpc';
import { HttpSettings } from '@fissile/kit/http';
import { TelemetrySettings } from '@fissile/kit/observability';
import { releaseMemory } from '@fissile/kit/host';
import { chooseFreePorts, type ProcessPlan } from '@fissile/kit/nest';
import { stopOnSignals } from '../stop-on-signals.js';
import { PrefixedOutput } from './prefixed-output.js';
import { describeProcesses } from './process-table.js';
import { Worker, type WorkerProcess } from './worker.js';

/** A process needs this much longer to stop than what it waits for. */
const STOP_SLACK_MS = 5_000;

/**
 * Runs every process of the topology on this machine, for development: their output together, each started again when
 * it crashes, all stopped by one signal, none left behind. In production each process is a container.
 */
export async function supervise(product: Product, plan: ProcessPlan, loaded: LoadedSettings): Promise<void> {
  const processes = await chooseFreePorts(plan.processes);
  const supervisor = new Supervisor(product, plan.topology, processes.flatMap(workersOf), loaded);
  stopOnSignals(supervisor, supervisor.stopWithinMs);
  // Whatever ends the supervisor, short of a kill, ends its processes; a kill they notice by themselves.
  process.on('exit', () => supervisor.killAll());
  supervisor.start();
}

/** Each instance of a process; those after the first have a number behind their name. */
function workersOf({ name, hosts, endpoints }: PlannedProcess): WorkerProcess[] {
  return endpoints.map((place, index) => {
    const instance = index + 1;
    return { name, hosts, ...place, instance, shownAs: instance === 1 ? name : `${name}#${instance}` };
  });
}

class Supervisor {
  readonly stopWithinMs: number;
  private readonly workers: Worker[];
  private readonly output: PrefixedOutput;
  private readonly notReady: Set<string>;
  private stopping = false;

  constructor(
    private readonly product: Product,
    private readonly topology: string,
    private readonly processes: readonly WorkerProcess[],
    private readonly loaded: LoadedSettings,
  ) {
    this.stopWithinMs =
      processes.length * (settingsOf(HttpSettings, loaded).SHUTDOWN_TIMEOUT_MS + STOP_SLACK_MS);
    this.output = new PrefixedOutput(processes.map(({ shownAs }) => shownAs));
    this.notReady = new Set(processes.map(({ shownAs }) => shownAs));
    const environment = this.environment();
    this.workers = processes.map((placed) => this.workerOf(placed, environment));
  }

  start(): void {
    for (const worker of this.workers) worker.start();
  }

  /** In the order of the topology: those that call stop before those that they call. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const worker of this.workers) await worker.stop();
  }

  killAll(): void {
    for (const worker of this.workers) worker.kill();
  }

  private environment(): NodeJS.ProcessEnv {
    const { LOG_FORMAT } = settingsOf(TelemetrySettings, this.loaded);
    const addresses = this.processes.map(
      ({ name, address, httpPort, rpcPort }) => `${name}=${address}:${httpPort}:${rpcPort}`,
    );
    return {
      ...process.env,
      TOPOLOGY: this.topology,
      PROCESS_ADDRESSES: addresses.join(','),
      // One heap of the C library for each thread would take more than it gives.
      MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '2',
      // What they print goes through a pipe, and ends in our terminal.
      LOG_FORMAT: LOG_FORMAT === 'auto' && process.stdout.isTTY ? 'pretty' : LOG_FORMAT,
    };
  }

  private workerOf(placed: WorkerProcess, environment: NodeJS.ProcessEnv): Worker {
    const { shownAs: name } = placed;
    return new Worker(placed, environment, {
      line: (line) => this.output.print(name, line),
      ready: (pid) => this.afterReady(name, pid),
      ended: (outcome, restartInMs) => this.afterEnd(name, outcome, restartInMs),
    });
  }

  private afterReady(name: string, pid: number | undefined): void {
    const isFirstTime = this.notReady.delete(name);
    if (!isFirstTime) return this.output.print(name, `is back, with pid ${pid}`);
    if (this.notReady.size > 0) return;
    const { TRANSPORT } = settingsOf(TransportSettings, this.loaded);
    console.log(describeProcesses(this.product, this.topology, TRANSPORT, this.workers));
    releaseMemory();
  }

  private afterEnd(name: string, outcome: string, restartInMs: number | undefined): void {
    if (this.stopping) return;
    if (restartInMs !== undefined) {
      return this.output.print(name, `ended with ${outcome}; starting it again in ${restartInMs} ms`);
    }
    this.output.print(name, `could not start (${outcome}); stopping the others`);
    void this.stop().finally(() => process.exit(1));
  }
}
