import { z } from 'zod';
import { settings, SettingsGroup, textLike, wholeNumber } from '@fissile/kit/config';

export const PLACEMENT_STORES = ['none', 'consul'] as const;

@SettingsGroup()
export class PlacementStoreSettings extends settings({
  PLACEMENT_STORE: {
    schema: z
      .enum(PLACEMENT_STORES, { error: `expected one of ${PLACEMENT_STORES.join(', ')}` })
      .default('none'),
    description:
      'Who keeps which process hosts what, where something else starts the processes: with consul, contexts move between running ' +
      'containers, and TOPOLOGY counts until the first one has written there. Needs CONSUL_URL and DISCOVERY=consul.',
  },
  PLACEMENT_PREFIX: {
    schema: textLike(
      /^[\w.-]+(\/[\w.-]+)*$/,
      'names of letters, digits, _, . and -, with / between them',
    ).default('fissile/placement'),
    description: 'With PLACEMENT_STORE=consul, where the placement is in Consul; each product has its own.',
  },
  PLACEMENT_SESSION_MS: {
    schema: wholeNumber(10_000, 600_000).default(10_000),
    description:
      'With PLACEMENT_STORE=consul, for how long Consul takes a process for alive that says nothing; it may take twice that until a ' +
      'change of the placement goes on without it.',
  },
  PLACEMENT_START_MS: {
    schema: wholeNumber(1_000, 86_400_000).default(600_000),
    description:
      'With PLACEMENT_STORE=consul, for how long a change waits for a process that is to be started, before it is rolled back.',
  },
}) {}
