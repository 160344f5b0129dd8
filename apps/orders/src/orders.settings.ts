import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class OrdersSettings extends settings({
  IDEMPOTENCY_KEY_DAYS: {
    schema: wholeNumber(1, 3650).default(30),
    description:
      'How long an Idempotency-Key of an order is remembered. The same key places another order after that.',
  },
}) {}
