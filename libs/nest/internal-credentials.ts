import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DatabaseSettings } from '@fissile/kit/database';
import {
  ConfiguredKeys,
  type Credentials,
  LocalKeys,
  type OwnProcess,
  TransportSettings,
} from '@fissile/kit/rpc';

/** What a process signs with and whom it believes: what the settings say, or the keys that processes of this machine make. */
export function internalCredentials(
  { name, hosts }: Pick<OwnProcess, 'name' | 'hosts'>,
  loaded: LoadedSettings,
): Credentials {
  const { INTERNAL_AUTH_SECRET: secret } = settingsOf(TransportSettings, loaded);
  const key = givenText('INTERNAL_AUTH_KEY', loaded);
  const keys = givenText('INTERNAL_AUTH_KEYS', loaded);
  if (key || keys || secret !== undefined) return new ConfiguredKeys({ key, keys, secret });
  return LocalKeys.join(settingsOf(DatabaseSettings, loaded).DATA_DIR, name, hosts);
}

function givenText(name: 'INTERNAL_AUTH_KEY' | 'INTERNAL_AUTH_KEYS', loaded: LoadedSettings) {
  const text = settingsOf(TransportSettings, loaded)[name];
  if (text === undefined) return undefined;
  const file = loaded.local.get(`${name}_FILE`)?.value;
  const isFromFile = loaded.values.get(name)?.source === file;
  return { text, file: isFromFile && typeof file === 'string' ? file : undefined };
}
