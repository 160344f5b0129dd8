import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConsulClient } from './consul/consul-client.js';
import { consulAccessOf, ConsulSettings } from './consul/consul.settings.js';
import { ConsulWatch } from './consul/consul-watch.js';
import { readConsulTexts } from './consul/consul-values.js';
import { LiveSettings } from './live-settings.js';
import { LoadedSettings } from './load-settings.js';
import { pathOf } from './settings-sources.js';

/** Hands every change of Consul's values to the live settings, for as long as the process runs. */
@Injectable()
export class LiveWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Settings');
  private readonly watch: ConsulWatch | undefined;

  constructor(
    loaded: LoadedSettings,
    private readonly live: LiveSettings,
  ) {
    if (!loaded.origin) return;
    const { prefix } = loaded.origin;
    // Its token may be changed while the process runs.
    const access = consulAccessOf(loaded.group(ConsulSettings)) ?? loaded.origin.access;
    this.watch = new ConsulWatch(new ConsulClient(access), pathOf(prefix), {
      onChange: (body) => this.live.apply(readConsulTexts(body, prefix)),
      onLost: (reason) => {
        this.live.consulIs(reason);
        this.logger.warn(`Consul does not answer (${reason}); the settings stay as they are`);
      },
      onFound: () => {
        this.live.consulIs(undefined);
        this.logger.log('Consul answers again');
      },
    });
  }

  onApplicationBootstrap(): void {
    this.watch?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }
}
