import { randomUUID } from 'node:crypto';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import {
  CallTransport,
  InternalTokens,
  type Placement,
  transportOf,
  TransportSettings,
} from '@fissile/kit/rpc';
import { internalCredentials } from './internal-credentials.js';

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
  return {
    transport: new CallTransport(await transportOf(settings)),
    tokens: new InternalTokens(internalCredentials(placement.self, loaded), placement.self.name),
  };
}
