import { z } from 'zod';
import { settings, SettingsGroup, wholeNumber } from '#libs/config';
import { DISCOVERY_SOURCES } from './discovery.js';

@SettingsGroup()
export class DiscoverySettings extends settings({
  DISCOVERY: {
    schema: z
      .enum(DISCOVERY_SOURCES, { error: `expected one of ${DISCOVERY_SOURCES.join(', ')}` })
      .default('static'),
    description:
      'How the instances of a context are found: static takes the places of config/topology.yaml and PROCESS_ADDRESSES, ' +
      'dns every address that their host names have.',
  },
  DISCOVERY_DNS_EVERY_MS: {
    schema: wholeNumber(100, 600_000).default(5_000),
    description: 'With DISCOVERY=dns, how often the host names are looked up again.',
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
