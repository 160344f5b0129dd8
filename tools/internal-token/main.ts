import { npmCommand, read, refuse } from '../command-line/command-line.js';
import { loadSettings } from '@fissile/kit/config';
import { GATEWAY } from '@fissile/kit/contract';
import { InternalTokens } from '@fissile/kit/rpc';
import { internalCredentials } from '@fissile/kit/runtime';
import { CONTEXTS } from '#contracts';

/**
 * Prints a token for the internal port of a context, valid for a minute, for tools such as grpcurl.
 * Usage: npm run --silent internal-token -- orders
 */
const command = npmCommand(
  'internal-token',
  'Prints a token for the internal port of a context, for grpcurl.',
);
const [context = ''] = read(command.argument('<context>', CONTEXTS.join(', '))).args;
if (!(CONTEXTS as readonly string[]).includes(context)) {
  refuse(command, `error: ${context}: expected the name of a context: ${CONTEXTS.join(', ')}`);
}
const loaded = loadSettings();
// As the gateway, which calls what is for operators; what needs an admin needs the admin's token beside it.
const operator = { name: 'operator', hosts: [GATEWAY] };
console.log(await new InternalTokens(internalCredentials(operator, loaded), operator.name).tokenFor(context));
