import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class HealthSettings extends settings({
  HEALTH_DISK_MIN_FREE_MB: {
    schema: wholeNumber(0, 1_000_000_000).default(200),
    description: '/health calls the disk of DATA_DIR down when less than this is free, in MiB.',
  },
  HEALTH_MEMORY_MAX_MB: {
    schema: wholeNumber(32, 1_000_000_000).optional(),
    description:
      '/health calls memory down when the process holds more than this, in MiB. Without it, when more than 95 % of the ' +
      'heap that Node allows is used.',
  },
  HEALTH_EVENT_LOOP_MAX_LAG_MS: {
    schema: wholeNumber(10, 600_000).default(500),
    description:
      '/health calls the event loop down when it has been late by more than this for six seconds on end.',
  },
}) {}
