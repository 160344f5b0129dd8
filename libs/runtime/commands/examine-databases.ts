import { settingsOf, SettingsSources } from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { DatabaseServer, DatabaseSettings, databaseUrlsOf, declaredDatabase } from '@fissile/kit/database';
import { MessagingSettings } from '@fissile/kit/messaging';
import { type HostedModule, readPlan } from '@fissile/kit/nest';
import { examine, type Finding } from '@fissile/kit/operations';
import type { ProgramCommand } from './program-command.js';

/**
 * Reports what is wrong in the databases of the contexts that this program hosts by the settings, and repairs it on request.
 * @returns the exit code: 1 when anything is found that was not repaired
 * @throws SettingsError or DatabaseStartError
 */
export async function examineDatabases(
  product: Product,
  modules: readonly HostedModule[],
  { flags }: ProgramCommand,
): Promise<number> {
  const { loaded, plan } = readPlan(product, modules, await SettingsSources.read(), () => []);
  const hosted: readonly string[] = plan.self?.hosts ?? modules.map(({ context }) => context);
  const contexts = product.contextNames.filter(
    (context) => hosted.includes(context) && declaredDatabase(context) !== undefined,
  );
  const server = await DatabaseServer.open(
    settingsOf(DatabaseSettings, loaded),
    databaseUrlsOf(loaded, contexts),
    contexts,
  );
  try {
    const { OUTBOX_RETENTION_DAYS: outboxDays, INBOX_RETENTION_DAYS: inboxDays } = settingsOf(
      MessagingSettings,
      loaded,
    );
    const toExamine = contexts.map((context) => ({
      context,
      url: server.urlOf(context),
      migrations: declaredDatabase(context)?.migrations ?? [],
    }));
    const { findings, close } = await examine(product, toExamine, { outboxDays, inboxDays });
    try {
      const left = await report(findings, flags.includes('--repair'));
      console.log(summaryOf(product, contexts, findings.length, left));
      return left === 0 ? 0 : 1;
    } finally {
      await close();
    }
  } finally {
    await server.close();
  }
}

/** @returns how many findings are left */
async function report(findings: readonly Finding[], repairs: boolean): Promise<number> {
  let left = findings.length;
  for (const finding of findings) {
    const { context, check, message, advice, repair } = finding;
    console.log(`${context}: ${check}: ${message}`);
    if (repairs && repair) {
      const outcome = await outcomeOf(repair);
      if (outcome.done) left -= 1;
      console.log(`    ${outcome.text}`);
    } else console.log(`    ${advice}`);
  }
  return left;
}

async function outcomeOf(repair: () => Promise<string>): Promise<{ done: boolean; text: string }> {
  try {
    return { done: true, text: `repaired: ${await repair()}` };
  } catch (error) {
    return { done: false, text: `not repaired: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function summaryOf(product: Product, contexts: readonly string[], found: number, left: number): string {
  const unchecked = product.contextNames.filter((context) => !contexts.includes(context));
  const outcome = found === 0 ? 'nothing found' : `${found} found, ${found - left} repaired`;
  return [
    `${outcome} in ${contexts.join(', ')}`,
    ...(unchecked.length > 0 ? [`not checked, and no events compared with: ${unchecked.join(', ')}`] : []),
  ].join('\n');
}
