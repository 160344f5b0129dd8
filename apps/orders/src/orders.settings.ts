import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class OrdersSettings extends settings({
  IDEMPOTENCY_KEY_DAYS: {
    schema: wholeNumber(1, 3650).default(30),
    description:
      'How long an Idempotency-Key of an order is remembered. The same key places another order after that.',
  },
  PAYMENT_ACTION_SECONDS: {
    schema: wholeNumber(1, 7 * 24 * 3_600).default(900),
    description:
      'How long an order waits for its customer to confirm the payment (3-D Secure); then it is cancelled. Its stock is reserved meanwhile.',
  },
}) {}
