import { loadSettings, settingsOf } from '@fissile/kit/config';
import { CONTEXTS } from '#contracts';
import { DatabaseSettings } from '@fissile/kit/database';
import { internalSecretOf } from '@fissile/kit/runtime';
import { InternalTokens, TransportSettings } from '@fissile/kit/rpc';

/**
 * Prints a token for the internal port of a context, valid for a minute, for tools such as grpcurl.
 * Usage: npm run --silent internal-token -- orders
 */
const [context] = process.argv.slice(2);
if (context === undefined || !(CONTEXTS as readonly string[]).includes(context)) {
  console.error(`expected the name of a context: ${CONTEXTS.join(', ')}`);
  process.exit(1);
}
const loaded = loadSettings();
const { INTERNAL_AUTH_SECRET } = settingsOf(TransportSettings, loaded);
const secret = INTERNAL_AUTH_SECRET ?? internalSecretOf(settingsOf(DatabaseSettings, loaded).DATA_DIR);
console.log(await new InternalTokens(secret, 'operator').tokenFor(context));
