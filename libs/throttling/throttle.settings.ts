import { flag, positiveNumber, settings, SettingsGroup, wholeNumber } from '#libs/config';

@SettingsGroup()
export class ThrottleSettings extends settings({
  THROTTLE_ENABLED: {
    schema: flag().default(true),
    description: 'Whether clients are limited at all.',
    live: true,
  },
  THROTTLE_RATE: {
    schema: positiveNumber().default(10),
    description: 'Requests per second that a client may go on sending.',
    live: true,
  },
  THROTTLE_BURST: {
    schema: wholeNumber(1, 1_000_000).default(100),
    description: 'Requests that a client may send at once after a quiet time.',
    live: true,
  },
}) {}
