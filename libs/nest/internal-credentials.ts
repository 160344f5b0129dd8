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
  const settings = settingsOf(TransportSettings, loaded);
  const given = (setting: 'INTERNAL_AUTH_KEY' | 'INTERNAL_AUTH_KEYS' | 'INTERNAL_AUTH_SECRET') =>
    settings[setting] === undefined ? undefined : () => settings[setting] ?? '';
  const key = given('INTERNAL_AUTH_KEY');
  const keys = given('INTERNAL_AUTH_KEYS');
  const secret = given('INTERNAL_AUTH_SECRET');
  if (key || keys || secret) return new ConfiguredKeys({ key, keys, secret });
  return LocalKeys.join(settingsOf(DatabaseSettings, loaded).DATA_DIR, name, hosts);
}
