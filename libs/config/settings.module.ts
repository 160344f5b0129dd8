import { type DynamicModule, type FactoryProvider, Injectable, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { getToken, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { FileWatch } from './file-watch.js';
import { LiveSettings } from './live-settings.js';
import { LiveWatch } from './live-watch.js';
import { LoadedSettings, settingsOf } from './load-settings.js';
import { knownSettings } from './settings.js';

const CHANGES = 'config_changes_total';

/** Nest's ConfigService follows what changes, for code that reads settings by name. */
@Injectable()
class ConfigFollower {
  constructor(live: LiveSettings, config: ConfigService, loaded: LoadedSettings) {
    live.onChange([...loaded.values.keys()], (changed) => {
      for (const name of changed) config.set(name, live.values.get(name)?.value);
    });
  }
}

/** Gives every group of settings to the whole process: by its class, or one by one through Nest's ConfigService. */
@Module({})
export class SettingsModule {
  static forRoot(loaded: LoadedSettings): DynamicModule {
    const values = Object.fromEntries([...loaded.values].map(([name, { value }]) => [name, value]));
    const module = SettingsModule.forApplication({ useFactory: () => loaded });
    const config = ConfigModule.forRoot({
      isGlobal: true,
      ignoreEnvFile: true,
      skipProcessEnv: true,
      load: [() => values],
    });
    return { ...module, imports: [config], providers: [...(module.providers ?? []), ConfigFollower] };
  }

  /**
   * For an application that has a configuration of its own: Nest's ConfigModule is left to it.
   * @param loaded the provider of LoadedSettings, with what it injects in modules that are global
   */
  static forApplication(loaded: Omit<FactoryProvider<LoadedSettings>, 'provide'>): DynamicModule {
    const groups = groupProviders();
    return {
      module: SettingsModule,
      global: true,
      providers: [
        ...groups,
        { ...loaded, provide: LoadedSettings },
        {
          provide: LiveSettings,
          inject: [LoadedSettings, getToken(CHANGES)],
          useFactory: (settings: LoadedSettings, changes: Counter) =>
            new LiveSettings(settings, (outcome) => changes.inc({ outcome })),
        },
        LiveWatch,
        FileWatch,
        ...metricProviders,
      ],
      exports: [...groups, LoadedSettings, LiveSettings],
    };
  }
}

function groupProviders(): FactoryProvider[] {
  return knownSettings().map((group) => ({
    provide: group,
    inject: [LoadedSettings],
    useFactory: (loaded: LoadedSettings) => settingsOf(group, loaded),
  }));
}

const metricProviders = [
  makeCounterProvider({
    name: CHANGES,
    help: 'Changes of settings in Consul, by what came of them: applied, refused, or waiting for the next start',
    labelNames: ['outcome'],
  }),
  makeGaugeProvider({
    name: 'config_consul_up',
    help: 'Whether Consul responds to requests for settings (1), or the last known ones are used (0)',
    inject: [LiveSettings],
    collect(this: Gauge, live: LiveSettings) {
      this.set(live.consul === 'down' ? 0 : 1);
    },
  }),
];
