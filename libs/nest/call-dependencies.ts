import { randomUUID } from 'node:crypto';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DatabaseSettings } from '@fissile/kit/database';
import {
  CallTransport,
  InternalTokens,
  type Placement,
  transportOf,
  TransportSettings,
} from '@fissile/kit/rpc';
import { internalSecretOf } from './internal-secret.js';

/** What calls between processes need before Nest makes anything. */
export interface CallDependencies {
  readonly transport: CallTransport;
  readonly tokens: InternalTokens;
}

export async function callDependencies(
  placement: Placement,
  loaded: LoadedSettings,
): Promise<CallDependencies> {
  const settings = settingsOf(TransportSettings, loaded);
  // One process has nobody to call.
  if (!placement.isDistributed) {
    return { transport: new CallTransport(undefined), tokens: new InternalTokens(randomUUID(), 'monolith') };
  }
  const own =
    settings.INTERNAL_AUTH_SECRET === undefined
      ? internalSecretOf(settingsOf(DatabaseSettings, loaded).DATA_DIR)
      : '';
  // Its file may change while the process runs.
  const secret = (): string => settings.INTERNAL_AUTH_SECRET ?? own;
  return {
    transport: new CallTransport(await transportOf(settings)),
    tokens: new InternalTokens(secret, placement.self.name),
  };
}
