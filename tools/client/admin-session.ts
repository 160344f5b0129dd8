import {
  type Credentials,
  hasCode,
  inMemory,
  ShopClient,
  type ShopClientOptions,
  type TokenStore,
} from '@fissile/client';
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from './tool-error.js';

export interface AdminSession {
  readonly admin: ShopClient;
  readonly tokens: TokenStore;
}

/** Signs in as the admin of the environment, or of the file that the first start writes on the same machine. */
export async function signInAsAdmin(
  options: ShopClientOptions,
  environment: NodeJS.ProcessEnv,
): Promise<AdminSession> {
  const given = givenCredentials(environment);
  const file = join(environment['DATA_DIR'] ?? '.data', 'admin-credentials.json');
  const credentials = given ?? readCredentials(file);
  const code = environment['ADMIN_CODE'];
  try {
    return await signIn(options, credentials, code === undefined ? {} : { code });
  } catch (error) {
    if (hasCode(error, 'second_factor_required', 'invalid_code'))
      throw new ToolError(`${error.detail}. Set ADMIN_CODE to what the authenticator app shows.`);
    if (!given && hasCode(error, 'password_change_required')) return signInFirst(options, credentials, file);
    if (hasCode(error, 'password_change_required'))
      throw new ToolError(`The password was generated. Choose another at ${options.url}/console first.`);
    if (!given && hasCode(error, 'invalid_credentials'))
      throw new ToolError(`The password in ${file} has been changed. Set ADMIN_EMAIL and ADMIN_PASSWORD.`);
    throw error;
  }
}

/** The generated password, which the first sign-in must replace: what takes its place is generated too, and shown to nobody. */
async function signInFirst(
  options: ShopClientOptions,
  credentials: Credentials,
  file: string,
): Promise<AdminSession> {
  const { email } = credentials;
  const newPassword = randomBytes(15).toString('base64url');
  // Written before it counts: so it is not lost, whatever happens between.
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify({ email, password: newPassword })}\n`, { mode: 0o600 });
  const session = await signIn(options, credentials, { newPassword });
  renameSync(next, file);
  console.error(
    `  The generated password of ${email} was replaced, as the first sign-in asks; ${file} has the new one.`,
  );
  return session;
}

async function signIn(
  options: ShopClientOptions,
  { email, password }: Credentials,
  further: Pick<Credentials, 'code' | 'newPassword'>,
): Promise<AdminSession> {
  const tokens = inMemory();
  // What is good once is not among what it signs in by again.
  const lasting = { email, password: further.newPassword ?? password };
  const admin = new ShopClient({ ...options, tokens, credentials: lasting });
  await admin.session.signIn({ email, password, ...further });
  return { admin, tokens };
}

function givenCredentials(environment: NodeJS.ProcessEnv): Credentials | undefined {
  const email = environment['ADMIN_EMAIL'];
  const password = environment['ADMIN_PASSWORD'];
  return email && password ? { email, password } : undefined;
}

function readCredentials(file: string): Credentials {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch {
    throw new ToolError(`There are no admin credentials in ${file}. Set ADMIN_EMAIL and ADMIN_PASSWORD.`);
  }
}
