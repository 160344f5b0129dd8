import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class NotificationsSettings extends settings({
  NOTIFICATION_RETENTION_DAYS: {
    schema: wholeNumber(1, 3650).default(365),
    description: 'How long notifications are kept. Those that are still to be sent stay.',
  },
}) {}
