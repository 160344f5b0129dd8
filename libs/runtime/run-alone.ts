import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import type { HostedModule } from '@fissile/kit/nest';
import type { Placement } from '@fissile/kit/rpc';
import { HttpSettings } from '@fissile/kit/http';
import { controlOf } from './placement/local-control.js';
import { startProcess } from './run-process.js';
import { showSignInLink } from './sign-in-link.js';
import { stopOnSignals } from './stop-on-signals.js';
import { LocalProcesses } from './supervisor/local-processes.js';

/**
 * Runs everything in this process, until its topology is changed: then it starts the others, and is their supervisor. It hosts the
 * gateway as long as it runs.
 */
export async function runAlone(
  modules: readonly HostedModule[],
  placement: Placement,
  loaded: LoadedSettings,
): Promise<void> {
  const { topology, version, processes, self } = placement;
  const others = new LocalProcesses({ topology, version, processes }, loaded);
  const control = await controlOf(placement.product, others, loaded);
  const running = await startProcess(modules, placement, loaded, control.changes);
  others.join({ name: self.name, member: running.member });
  const stop = async (): Promise<void> => {
    control.close();
    // It calls the others, which serve until it has ended what it has taken.
    await running.stop();
    await others.stopAll();
  };
  stopOnSignals({ stop }, settingsOf(HttpSettings, loaded).SHUTDOWN_TIMEOUT_MS);
  process.on('exit', () => others.killAll());
  // Whoever reads it may stop it.
  console.log(running.banner);
  await showSignInLink(running.url, await running.signInToken(), loaded);
}
