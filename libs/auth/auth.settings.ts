import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class AuthSettings extends settings({
  ACCESS_TOKEN_MINUTES: {
    schema: wholeNumber(1, 1440).default(15),
    description: 'How long an access token is valid.',
  },
}) {}
