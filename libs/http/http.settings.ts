import { z } from 'zod';
import { list, settings, SettingsGroup, textLike, wholeNumber } from '@fissile/kit/config';
import { trustedProxies } from './trusted-proxies.js';

@SettingsGroup()
export class HttpSettings extends settings({
  HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    description: 'The address that the process listens on.',
  },
  PORT: {
    schema: wholeNumber(0, 65535).default(3000),
    description: 'The port of the public API; 0 takes any free one.',
  },
  ADMIN_PORT: {
    schema: wholeNumber(1, 65535).optional(),
    description:
      'A second port of the gateway, for operators: with it, the console, /api/admin, /docs, /metrics and /health are answered there, and ' +
      'not at PORT. It answers everything else too.',
  },
  CORS_ORIGINS: {
    schema: list().default([]),
    description:
      'Origins whose pages may call the API, separated by commas; * allows any, without credentials.',
  },
  TRUST_PROXY: {
    schema: trustedProxies().default(false),
    description:
      'Whose X-Forwarded-For is believed: a number of proxies, such as 1 for the one in front of the gateway; or their addresses ' +
      'or networks, separated by commas. true believes whatever a client writes.',
  },
  BODY_LIMIT_BYTES: {
    schema: wholeNumber(1024, 100 * 1024 * 1024).default(256 * 1024),
    description: 'The largest body that is accepted.',
    fromConsul: true,
  },
  HEADER_LIMIT_BYTES: {
    schema: wholeNumber(1024, 1024 * 1024).default(16 * 1024),
    description: 'The most bytes of headers that are accepted.',
    fromConsul: true,
  },
  REQUEST_TIMEOUT_MS: {
    schema: wholeNumber(100, 3_600_000).default(30_000),
    description: 'How long a client may take to send its request.',
    fromConsul: true,
  },
  UNREAD_TIMEOUT_MS: {
    schema: wholeNumber(100, 3_600_000).default(20_000),
    description:
      'How long a client may read nothing of the answers that wait for it before its connection is closed.',
  },
  REQUEST_DEADLINE_MS: {
    schema: wholeNumber(100, 3_600_000).default(15_000),
    description:
      'How long a request may be worked on before it is answered with deadline_exceeded (504), whatever it waits for. Its ' +
      'statements are cancelled at the database.',
    fromConsul: true,
  },
  ROUTE_DEADLINES: {
    schema: list()
      .default([])
      .pipe(z.array(textLike(/^\/[^=]*=\d{1,7}$/, '/path=milliseconds'))),
    description: 'Other deadlines by path prefix, such as /api/invoices=8000, separated by commas.',
    fromConsul: true,
  },
  KEEP_ALIVE_TIMEOUT_MS: {
    schema: wholeNumber(0, 3_600_000).default(65_000),
    description: 'How long an idle connection is kept.',
    fromConsul: true,
  },
  KEEP_ALIVE_GRACE_MS: {
    schema: wholeNumber(0, 60_000).default(1_000),
    description:
      'How long a process that stops keeps idle connections, whose clients may be sending; their next answer closes them.',
  },
  SHUTDOWN_TIMEOUT_MS: {
    schema: wholeNumber(0, 3_600_000).default(25_000),
    description: 'How long a stop waits for what is in flight.',
  },
}) {}
