import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { TransportSettings } from '@fissile/kit/rpc';
import { HttpSettings } from '@fissile/kit/http';
import { releaseMemory } from '@fissile/kit/host';
import { chooseFreePorts, type ProcessPlan } from '@fissile/kit/nest';
import { controlOf } from '../placement/local-control.js';
import { showSignInLink } from '../sign-in-link.js';
import { stopOnSignals } from '../stop-on-signals.js';
import { LocalProcesses } from './local-processes.js';
import { describeProcesses, urlOfEdge } from './process-table.js';

/** A process needs this much longer to stop than what it waits for. */
const STOP_SLACK_MS = 5_000;

/**
 * Runs every process of the topology on this machine, for development: their output together, each started again when
 * it crashes, all stopped by one signal, none left behind. In production each process is a container.
 */
export async function supervise(product: Product, plan: ProcessPlan, loaded: LoadedSettings): Promise<void> {
  process.title = 'fissile-supervisor';
  const processes = await chooseFreePorts(plan.processes);
  const state = { topology: plan.topology, version: 0, processes };
  const instances = processes.flatMap(({ endpoints }) => endpoints).length;
  let notReady = instances;
  const running = new LocalProcesses(state, loaded, {
    ready: (_worker, isFirstTime) => {
      if (!isFirstTime || notReady === 0) return;
      notReady -= 1;
      if (notReady === 0) announce(product, running, loaded);
    },
    failed: () => {
      if (notReady === 0) return;
      console.error('stopping the others');
      void running.stopAll().finally(() => process.exit(1));
    },
  });
  const control = await controlOf(product, running, loaded);
  const timeoutMs = instances * (settingsOf(HttpSettings, loaded).SHUTDOWN_TIMEOUT_MS + STOP_SLACK_MS);
  stopOnSignals(
    {
      stop: async () => {
        control.close();
        await running.stopAll();
      },
    },
    timeoutMs,
  );
  // Whatever ends the supervisor, short of a kill, ends its processes; a kill they notice by themselves.
  process.on('exit', () => running.killAll());
  for (const planned of processes) void running.start(planned).catch(() => undefined);
}

function announce(product: Product, running: LocalProcesses, loaded: LoadedSettings): void {
  const { TRANSPORT } = settingsOf(TransportSettings, loaded);
  console.log(describeProcesses(product, running.state.topology, TRANSPORT, running.all));
  const signInToken = running.all.find(({ signInToken }) => signInToken !== undefined)?.signInToken;
  void showSignInLink(urlOfEdge(running.all), signInToken, loaded);
  releaseMemory();
}
