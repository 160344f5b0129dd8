import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class AuditSettings extends settings({
  AUDIT_RETENTION_DAYS: {
    schema: wholeNumber(1, 36_500).default(730),
    description:
      'How long audit logs keep who did what. The addresses of somebody who erases their account go with the account.',
  },
}) {}
