import { feature, settings, SettingsGroup } from '@fissile/kit/config';

@SettingsGroup()
export class UsersFeatures extends settings({
  FEATURE_REGISTRATION: feature('Whether new users may register; those who have an account are not touched.'),
}) {}
