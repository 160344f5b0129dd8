import { z } from 'zod';
import { list, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';
import { DISCOVERY_SOURCES } from './discovery.js';
import { areNameServers } from './resolve-addresses.js';

@SettingsGroup()
export class DiscoverySettings extends settings({
  DISCOVERY: {
    schema: z
      .enum(DISCOVERY_SOURCES, { error: `expected one of ${DISCOVERY_SOURCES.join(', ')}` })
      .default('static'),
    description:
      'How the instances of a context are found: static takes the places of config/topology.yaml and PROCESS_ADDRESSES, ' +
      'dns every address that their host names have, consul those that have registered there and are ready.',
  },
  DISCOVERY_DNS_EVERY_MS: {
    schema: wholeNumber(100, 600_000).default(5_000),
    description: 'With DISCOVERY=dns, how often the host names are looked up again.',
  },
  DISCOVERY_DNS_SERVERS: {
    schema: list()
      .refine(areNameServers, 'expected addresses of name servers, such as 10.0.0.10 or 127.0.0.1:8600')
      .default([]),
    description:
      'With DISCOVERY=dns, the name servers to ask for full names, such as 127.0.0.1:8600, in place of those of the machine; ' +
      'a name is then asked for again when the TTL of its records has passed.',
  },
  DISCOVERY_PREFIX: {
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected small letters, digits and -')
      .default('fissile'),
    description:
      'With DISCOVERY=consul, the start of the names of services, as in fissile-billing, so that products can share it.',
  },
  DISCOVERY_ADDRESS: {
    schema: z.string().min(1).optional(),
    description:
      'With DISCOVERY=consul, the address under which others reach this process. Without it that is HOST, or, where HOST ' +
      'stands for all of them, the first address of this machine.',
  },
  DISCOVERY_CHECK_MS: {
    schema: wholeNumber(100, 600_000).default(10_000),
    description:
      'With DISCOVERY=consul, how often Consul asks whether this process is ready, and this process whether Consul knows it.',
  },
  DISCOVERY_LEAVE_MS: {
    schema: wholeNumber(0, 60_000).default(1_000),
    description:
      'With DISCOVERY=consul, how long a process that stops still serves after it has deregistered, so that all have heard.',
  },
  EJECT_AFTER_FAILURES: {
    schema: wholeNumber(1, 1_000).default(3),
    description:
      'So many requests in a row that do not reach an instance put it out for a while, as long as its context has another.',
  },
  EJECT_MS: {
    schema: wholeNumber(10, 30_000).default(1_000),
    description:
      'How long an instance is left out the first time; doubled each time that it fails again, up to 30 seconds.',
  },
}) {}
