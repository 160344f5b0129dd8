import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DatabaseSettings } from '@fissile/kit/database';
import {
  CallTransport,
  BrokerSecret,
  DeferredCredentials,
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
  const { loaded: hosts, isDistributed } = placement;
  const { name } = placement.self;
  const load = () => transportOf(settings, secret, name);
  const make = () => internalCredentials({ name, hosts }, loaded);
  // One process has nobody to call, until a context moves out of it.
  const credentials = isDistributed ? make() : new DeferredCredentials(make);
  return {
    transport: new CallTransport(isDistributed ? await load() : undefined, load),
    tokens: new InternalTokens(credentials, name, Date.now, hosts),
    secret,
  };
}
