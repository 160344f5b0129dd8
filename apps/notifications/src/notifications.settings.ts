import { z } from 'zod';
import { address, settings, SettingsGroup, tlsErrors, tlsSettings } from '@fissile/kit/config';

@SettingsGroup()
export class NotificationsSettings extends settings(
  {
    SMTP_URL: {
      schema: address('smtp', 'smtps').optional(),
      description: 'The mail server; without one, messages are in the API and the log alone.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('SMTP', 'the mail server'),
    SMTP_FROM: {
      schema: z.string().min(3).default('Fissile <shop@fissile.example>'),
      description: 'The sender of mails.',
    },
  },
  (values) => tlsErrors('SMTP', values),
) {}
