import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';
import { dataDirOf } from '../product-project.js';

/** How an admin signs in. */
export type AdminSignIn =
  | { readonly token: string }
  | { readonly email: string; readonly password: string; readonly code?: string | undefined };

/**
 * The admin of the environment, or of the file that the first start writes on the same machine.
 * @throws CommandError when there is neither
 */
export function readAdmin(environment: NodeJS.ProcessEnv): AdminSignIn {
  const { ADMIN_TOKEN: token, ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ADMIN_CODE: code } = environment;
  if (token) return { token };
  if (email && password) return { email, password, ...(code && { code }) };
  try {
    const file = join(dataDirOf(environment), 'admin-credentials.json');
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { email: string; password: string };
    return { email: kept.email, password: kept.password };
  } catch {
    throw new CommandError(
      'No admin to sign in as: expected ADMIN_EMAIL and ADMIN_PASSWORD, ADMIN_TOKEN, or admin-credentials.json in DATA_DIR',
    );
  }
}
