import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { z } from 'zod';

const EXPECTED = 'expected a number of proxies, addresses or networks separated by commas, true or false';
/** Names of networks that Fastify knows. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MAX_HOPS = 32;

/** Which proxies are believed, as Fastify takes it: how many of them, their addresses, all (`true`) or none (`false`). */
export const trustedProxies = () =>
  z
    .union([z.boolean(), z.number(), z.string(), z.array(z.string())], { error: EXPECTED })
    .transform(readProxies)
    .refine(isReadable, EXPECTED)
    .meta({ expected: 'a number of proxies, addresses or networks separated by commas, true or false' });

type TrustedProxies = boolean | number | string[];

function readProxies(written: boolean | number | string | string[]): TrustedProxies {
  const items = typeof written === 'string' ? written.split(',').map((item) => item.trim()) : written;
  if (!Array.isArray(items)) return items === 0 ? false : items;
  const named = items.filter((item) => item !== '');
  const [only = 'false'] = named;
  if (named.length > 1) return named;
  if (/^(true|yes|on)$/i.test(only)) return true;
  if (/^(false|no|off|0)$/i.test(only)) return false;
  return /^\d+$/.test(only) ? Number(only) : named;
}

function isReadable(proxies: TrustedProxies): boolean {
  if (typeof proxies === 'boolean') return true;
  if (typeof proxies === 'number') return Number.isInteger(proxies) && proxies >= 1 && proxies <= MAX_HOPS;
  return proxies.every((item) => NAMED.has(item) || isIP(item) !== 0 || isNetwork(item));
}

/** The parser alone would take `1/8` for a network. */
function isNetwork(item: string): boolean {
  return isIP(item.split('/', 1)[0] ?? '') !== 0 && ipaddr.isValidCIDR(item);
}
