import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { type LoadedSettings, settingsOf } from './load-settings.js';
import { knownSettings } from './settings.js';

/** Gives every group of settings to the whole process: by its class, or one by one through Nest's ConfigService. */
@Module({})
export class SettingsModule {
  static forRoot(loaded: LoadedSettings): DynamicModule {
    const values = Object.fromEntries([...loaded].map(([name, { value }]) => [name, value]));
    const groups = knownSettings();
    return {
      module: SettingsModule,
      global: true,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          skipProcessEnv: true,
          load: [() => values],
        }),
      ],
      providers: groups.map((group) => ({ provide: group, useFactory: () => settingsOf(group, loaded) })),
      exports: [...groups],
    };
  }
}
