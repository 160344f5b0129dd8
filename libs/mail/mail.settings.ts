import { z } from 'zod';
import { address, settings, SettingsGroup, tlsErrors, tlsSettings } from '@fissile/kit/config';

@SettingsGroup()
export class MailSettings extends settings(
  {
    SMTP_URL: {
      schema: address('smtp', 'smtps').optional(),
      description: 'The mail server; without one no mail is sent, and development logs what it would say.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('SMTP', 'the mail server'),
    SMTP_FROM: {
      schema: z
        .string()
        .min(3, 'expected an address to send from')
        .default('Fissile <no-reply@fissile.example>'),
      description: 'The sender of mails.',
    },
  },
  (values) => tlsErrors('SMTP', values),
) {}
