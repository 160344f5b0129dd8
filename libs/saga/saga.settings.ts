import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class SagaSettings extends settings({
  SAGA_LEASE_MS: {
    schema: wholeNumber(500, 60_000).default(5_000),
    description:
      'How long a saga stays with a process that has gone silent; then another one of the same context takes it over.',
  },
  SAGA_RETENTION_DAYS: {
    schema: wholeNumber(1, 3650).default(90),
    description:
      'How long sagas that have ended, with their timelines, and events that sagas may wait for are kept.',
  },
}) {}
