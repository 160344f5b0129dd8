import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class SagaSettings extends settings({
  SAGA_LEASE_MS: {
    schema: wholeNumber(500, 60_000).default(5_000),
    description:
      'How long a saga stays with a process that has gone silent; then another one of the same context takes it over.',
  },
  SAGA_DEADLINE_MS: {
    schema: wholeNumber(1_000, 30 * 24 * 3_600_000).default(3_600_000),
    description:
      'How long a saga retries a step while what it needs is unavailable, counted from its start or from the end of its last wait; then it compensates. A refusal compensates at once. A saga may define its own.',
  },
  SAGA_RETENTION_DAYS: {
    schema: wholeNumber(1, 3650).default(90),
    description:
      'How long sagas that have ended, with their timelines, and events that sagas may wait for are kept.',
  },
}) {}
