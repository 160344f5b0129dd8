import { z } from 'zod';
import {
  flag,
  list,
  positiveNumber,
  settings,
  SettingsGroup,
  textLike,
  wholeNumber,
} from '@fissile/kit/config';

const burst = () => wholeNumber(1, 1_000_000);
const ROUTE = String.raw`[A-Z]+ /[^\s=?]*(\?[^\s=?]+)?`;
const routeAnd = (value: string) => new RegExp(`^${ROUTE}=${value}$`);

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
    schema: burst().default(100),
    description: 'Requests that a client may send at once after a quiet time.',
    live: true,
  },
  THROTTLE_ADDRESS_RATE: {
    schema: positiveNumber().optional(),
    description:
      'Requests per second that an address may go on sending, with all its users but admins; THROTTLE_RATE where it is not set. ' +
      'More where many people share an address.',
    live: true,
  },
  THROTTLE_ADDRESS_BURST: {
    schema: burst().optional(),
    description:
      'Requests that an address may send at once after a quiet time; THROTTLE_BURST where it is not set.',
    live: true,
  },
  THROTTLE_PAGES_RATE: {
    schema: positiveNumber().default(20),
    description:
      'Requests per second for pages, documents, metrics and health that an address may go on sending.',
    live: true,
  },
  THROTTLE_PAGES_BURST: {
    schema: burst().default(200),
    description:
      'Requests for pages, documents, metrics and health that an address may send at once after a quiet time.',
    live: true,
  },
  THROTTLE_ADMIN_RATE: {
    schema: positiveNumber().default(50),
    description: 'Requests per second that an admin may go on sending.',
    live: true,
  },
  THROTTLE_ADMIN_BURST: {
    schema: burst().default(500),
    description: 'Requests that an admin may send at once after a quiet time.',
    live: true,
  },
  THROTTLE_ROUTES: {
    schema: list()
      .default([])
      .pipe(
        z.array(
          textLike(routeAnd(String.raw`(?!0+(\.0+)?/)\d+(\.\d+)?/[1-9]\d{0,5}`), 'METHOD /path=rate/burst'),
        ),
      ),
    description:
      'Routes with a limit of their own for each client, beside the one for all: METHOD /path=rate/burst, where :name in ' +
      'the path stands for anything.',
    live: true,
  },
  THROTTLE_COSTS: {
    schema: list()
      .default([])
      .pipe(z.array(textLike(routeAnd(String.raw`[1-9]\d{0,3}`), 'METHOD /path=requests'))),
    description:
      'Routes that count as several requests: METHOD /path=requests, or METHOD /path?name=requests for those with that ' +
      'parameter.',
    live: true,
  },
  THROTTLE_STORAGE: {
    schema: z.enum(['memory', 'redis'], { error: 'expected memory or redis' }).default('memory'),
    description:
      'Where requests are counted: by each gateway for itself, or in Redis (REDIS_URL) for all of them.',
  },
  THROTTLE_WHEN_REDIS_FAILS: {
    schema: z.enum(['open', 'closed'], { error: 'expected open or closed' }).default('open'),
    description:
      'What happens while Redis does not answer: open lets each gateway count for itself, closed answers 503.',
  },
  THROTTLE_REDIS_TIMEOUT_MS: {
    schema: wholeNumber(5, 10_000).default(100),
    description: 'How long Redis may take to count a request.',
  },
}) {}
