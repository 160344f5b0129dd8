import { z } from 'zod';
import { settings, SettingsGroup } from '@fissile/kit/config';

@SettingsGroup()
export class TelemetrySettings extends settings({
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    description: 'The least important level that is logged.',
    live: true,
  },
  LOG_FORMAT: {
    schema: z.enum(['json', 'pretty', 'auto']).default('auto'),
    description:
      'The format of log lines: auto is pretty in a terminal, where pino-pretty is installed, and json elsewhere.',
  },
}) {}
