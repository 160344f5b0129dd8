import { feature, settings, SettingsGroup } from '@fissile/kit/config';

@SettingsGroup()
export class OrdersFeatures extends settings({
  FEATURE_ORDERS: feature(
    'Whether new orders are taken; those that were placed go on, and can be cancelled.',
  ),
}) {}
