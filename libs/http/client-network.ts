import ipaddr from 'ipaddr.js';

/** What one subscriber of IPv6 gets, and can take any address of. */
const SUBSCRIBER_PREFIX = 64;
const WITH_PORT = /^(?:\[(?<v6>[^\]]*)\](?::\d+)?|(?<v4>\d+\.\d+\.\d+\.\d+):\d+)$/;

/**
 * What limits count by in place of a client's address, so that one client is counted once: an address of IPv4, also when it is
 * mapped into IPv6, or the /64 of one of IPv6, however either is spelled. Proxies may add a port. Anything else stays as it is.
 */
export function clientNetwork(address: string): string {
  const { v6, v4 } = WITH_PORT.exec(address)?.groups ?? {};
  const [bare = ''] = (v6 ?? v4 ?? address).split('%', 1);
  if (!ipaddr.isValid(bare)) return address;
  // Takes the IPv4 address out of a mapped one.
  const parsed = ipaddr.process(bare);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${SUBSCRIBER_PREFIX}`);
  return `${network.toString()}/${SUBSCRIBER_PREFIX}`;
}
