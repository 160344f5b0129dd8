import { settingsOf, type LoadedSettings } from '@fissile/kit/config';
import { HttpSettings } from '@fissile/kit/http';
import { missingPackages } from '@fissile/kit/host';
import { isLoopback } from './server/direct-requests.js';

/**
 * Shows the link that signs the first admin in at the console, and opens it for somebody who has started the product in a terminal.
 * @param url of the gateway
 * @param token undefined where there is no link
 */
export async function showSignInLink(
  url: string,
  token: string | undefined,
  loaded: LoadedSettings,
): Promise<void> {
  const link = token === undefined ? undefined : linkOf(url, token, settingsOf(HttpSettings, loaded));
  if (link === undefined) return;
  // Not through the logger: logs are stored and forwarded.
  console.log(`  Sign in at the console, once, within 10 minutes and on this machine:\n    ${link}\n`);
  if (!opensBrowser(process.env, process.stdout.isTTY) || missingPackages(['open']).length > 0) return;
  const { default: open } = await import('open');
  // Where there is no browser, the link is there to click on.
  await open(link).catch(() => undefined);
}

function linkOf(url: string, token: string, { ADMIN_PORT }: HttpSettings): string | undefined {
  const address = new URL(url);
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && !isLoopback(host)) return undefined;
  if (ADMIN_PORT !== undefined) address.port = String(ADMIN_PORT);
  return `${address.origin}/console#sign-in=${token}`;
}

/** Not for what starts it again at each change of a file, nor where nobody looks. */
export function opensBrowser(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { BROWSER, CI, npm_lifecycle_event: script } = environment;
  return isTerminal && script === 'start' && BROWSER !== 'none' && (CI === undefined || CI === 'false');
}
