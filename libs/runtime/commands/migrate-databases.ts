import { settingsOf, SettingsSources } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { DatabaseServer, DatabaseSettings, databaseUrlsOf, migrateContext } from '@fissile/kit/database';
import { type HostedModule, readPlan } from '@fissile/kit/nest';

/**
 * Brings the databases of all contexts that this program hosts by the settings up to date, and ends. It needs none of
 * the secrets by which processes know each other.
 * @throws SettingsError or DatabaseStartError
 */
export async function migrateDatabases(product: Product, modules: readonly HostedModule[]): Promise<void> {
  const { loaded, plan } = readPlan(product, modules, await SettingsSources.read(), () => []);
  const hosted: readonly string[] = plan.self?.hosts ?? modules.map(({ context }) => context);
  const contexts = product.contextNames.filter((context) => hosted.includes(context));
  const server = await DatabaseServer.open(
    settingsOf(DatabaseSettings, loaded),
    databaseUrlsOf(loaded, contexts),
    contexts,
  );
  try {
    for (const context of contexts) {
      const names = await migrateContext(server, context);
      console.log(`${context}: ${names.length === 0 ? 'up to date' : `migrated by ${names.join(', ')}`}`);
    }
  } finally {
    await server.close();
  }
}
