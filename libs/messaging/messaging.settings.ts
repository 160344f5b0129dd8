import { z } from 'zod';
import { settings, SettingsGroup } from '#libs/config';

export const EVENT_BUSES = ['local', 'direct'] as const;

@SettingsGroup()
export class MessagingSettings extends settings({
  EVENT_BUS: {
    schema: z.enum(EVENT_BUSES, { error: `expected one of ${EVENT_BUSES.join(', ')}` }).optional(),
    description:
      'What carries events: local inside one process, direct straight to the processes of the contexts that handle ' +
      'them. Without it, local for one process and direct for several.',
  },
}) {}
