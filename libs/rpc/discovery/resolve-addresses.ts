import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** How long a name server may be silent, so that it is noticed soon when it is there again. */
const SILENCE_MS = 1_000;
const TRIES = 2;

export interface ResolvedAddresses {
  readonly addresses: readonly string[];
  /** For how long they hold; absent where nobody says. */
  readonly ttlMs?: number;
}

/** All addresses of a host name, IPv4 and IPv6. Rejects when it has none, or when that cannot be said. */
export type Resolve = (hostName: string) => Promise<ResolvedAddresses>;

/** Asks as the machine does: its files, its name servers, its search domains. These do not say how long records hold. */
export async function askSystem(hostName: string): Promise<ResolvedAddresses> {
  const found = await lookup(hostName, { all: true });
  return { addresses: found.map(({ address }) => address) };
}

/** Asks name servers for full names. @param servers such as `10.0.0.10` or `127.0.0.1:8600` */
export function askNameServers(servers: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: SILENCE_MS, tries: TRIES });
  resolver.setServers(servers);
  return async (hostName) => {
    if (isIP(hostName) !== 0) return { addresses: [hostName] };
    const options = { ttl: true } as const;
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(hostName, options),
      resolver.resolve6(hostName, options),
    ]);
    const records = [ipv4, ipv6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (ipv4.status === 'rejected' && records.length === 0) throw ipv4.reason;
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1_000;
    return { addresses: records.map(({ address }) => address), ttlMs };
  };
}

/** Whether all are addresses of name servers, with a port or without. */
export function areNameServers(servers: readonly string[]): boolean {
  try {
    new Resolver().setServers(servers);
    return true;
  } catch {
    return false;
  }
}
