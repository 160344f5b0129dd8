import { ConsulSettings, type LoadedSettings, productionErrors, settingsOf } from '@fissile/kit/config';
import { DiscoverySettings, TransportSettings } from '@fissile/kit/rpc';
import { EVENT_BUSES, MessagingSettings } from '@fissile/kit/messaging';
import type { ProcessPlan } from './process-plan.js';

/** What is wrong between the topology and other settings, a line each. */
export function checkPlan({ topology, processes, self }: ProcessPlan, loaded: LoadedSettings): string[] {
  const { DISCOVERY } = settingsOf(DiscoverySettings, loaded);
  const errors = productionErrors(loaded);
  if (DISCOVERY === 'consul' && settingsOf(ConsulSettings, loaded).CONSUL_URL === undefined) {
    errors.push('CONSUL_URL (not set): needed with DISCOVERY=consul');
  }
  if (processes.length === 1) return errors;
  const isProduction = process.env['NODE_ENV'] === 'production';
  if (isProduction && settingsOf(TransportSettings, loaded).INTERNAL_AUTH_SECRET === undefined) {
    errors.push(
      `INTERNAL_AUTH_SECRET (not set): needed in production, since ${topology} has several processes; ` +
        'expected at least 32 characters, the same for all',
    );
  }
  if (settingsOf(MessagingSettings, loaded).EVENT_BUS === 'local') {
    errors.push(
      `EVENT_BUS: local reaches one process alone, and ${topology} has several; ` +
        `expected one of ${EVENT_BUSES.filter((bus) => bus !== 'local').join(', ')}`,
    );
  }
  if (self && DISCOVERY !== 'consul' && (self.httpPort === 0 || self.rpcPort === 0)) {
    errors.push(
      'PORT: 0 takes any free port, which the other processes cannot know; ' +
        'set PORT or PROCESS_ADDRESSES, or DISCOVERY=consul',
    );
  }
  return errors;
}
