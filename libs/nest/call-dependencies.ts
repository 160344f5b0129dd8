import { randomUUID } from 'node:crypto';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DatabaseSettings } from '@fissile/kit/database';
import {
  CallTransport,
  BrokerSecret,
  InternalTokens,
  type Placement,
  transportOf,
  TransportSettings,
} from '@fissile/kit/rpc';
import { internalCredentials } from './internal-credentials.js';
import { internalSecretOf } from './internal-secret.js';

/** What calls between processes need before Nest makes anything. */
export interface CallDependencies {
  readonly transport: CallTransport;
  readonly tokens: InternalTokens;
  /** For what goes through a broker. */
  readonly secret: BrokerSecret;
}

export async function callDependencies(
  placement: Placement,
  loaded: LoadedSettings,
): Promise<CallDependencies> {
  const settings = settingsOf(TransportSettings, loaded);
  const { DATA_DIR } = settingsOf(DatabaseSettings, loaded);
  let own: string | undefined;
  // Its file may change while the process runs.
  const secret = new BrokerSecret(
    () => settings.BROKER_SECRET ?? settings.INTERNAL_AUTH_SECRET ?? (own ??= internalSecretOf(DATA_DIR)),
  );
  // One process has nobody to call.
  if (!placement.isDistributed) {
    const tokens = new InternalTokens(randomUUID(), 'monolith');
    return { transport: new CallTransport(undefined), tokens, secret };
  }
  const { name, hosts } = placement.self;
  return {
    transport: new CallTransport(await transportOf(settings, secret)),
    tokens: new InternalTokens(internalCredentials(placement.self, loaded), name, Date.now, hosts),
    secret,
  };
}
