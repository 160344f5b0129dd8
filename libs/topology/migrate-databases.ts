import { settingsOf, SettingsSources } from '#libs/config';
import { CONTEXTS } from '#libs/contracts';
import { DatabaseServer, DatabaseSettings, migrateContext } from '#libs/database';
import type { HostedModule } from './hosted-module.js';
import { readPlan } from './read-plan.js';

/**
 * Brings the databases of all contexts that this program hosts by the settings up to date, and ends. It needs none of
 * the secrets by which processes know each other.
 * @throws SettingsError or DatabaseStartError
 */
export async function migrateDatabases(modules: readonly HostedModule[]): Promise<void> {
  const { loaded, plan } = readPlan(modules, await SettingsSources.read(), () => []);
  const hosted: readonly string[] = plan.self?.hosts ?? modules.map(({ context }) => context);
  const contexts = CONTEXTS.filter((context) => hosted.includes(context));
  const server = await DatabaseServer.open(settingsOf(DatabaseSettings, loaded), contexts);
  try {
    for (const context of contexts) {
      const names = await migrateContext(server, context);
      console.log(`${context}: ${names.length === 0 ? 'up to date' : `migrated by ${names.join(', ')}`}`);
    }
  } finally {
    await server.close();
  }
}
