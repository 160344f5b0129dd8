import { Injectable } from '@nestjs/common';
import { LiveSettings } from '@fissile/kit/config';
import { HealthRegistry, type State } from './health-registry.js';

/** Consul in /health where it gives settings. It is not needed to be ready: the process goes on with those known last. */
@Injectable()
export class SettingsHealth {
  constructor(live: LiveSettings, registry: HealthRegistry) {
    registry.addSource(async (): Promise<Record<string, State>> => {
      return live.consul === 'unused' ? {} : { consul: live.consul };
    });
  }
}
