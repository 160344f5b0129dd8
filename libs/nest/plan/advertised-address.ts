import { networkInterfaces } from 'node:os';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DiscoverySettings, type OwnProcess } from '@fissile/kit/rpc';
import { HttpSettings } from '@fissile/kit/http';
import { chooseFreePorts } from './free-ports.js';

const ALL_ADDRESSES = ['0.0.0.0', '::'];

/** The process at its advertised address: a registry publishes it, so its ports may be any that are free. */
export async function resolveAdvertisedAddress(
  self: OwnProcess,
  loaded: LoadedSettings,
): Promise<OwnProcess> {
  const { DISCOVERY, DISCOVERY_ADDRESS } = settingsOf(DiscoverySettings, loaded);
  if (DISCOVERY !== 'consul') return self;
  const { HOST } = settingsOf(HttpSettings, loaded);
  const address = DISCOVERY_ADDRESS ?? (ALL_ADDRESSES.includes(HOST) ? addressOfMachine() : HOST);
  const [settled] = await chooseFreePorts([{ ...self, endpoints: [{ ...self, address }] }]);
  return { ...self, ...settled?.endpoints[0] };
}

function addressOfMachine(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ internal }) => !internal);
  const [first] = [...outward.filter(({ family }) => family === 'IPv4'), ...outward];
  return first?.address ?? '127.0.0.1';
}
