import { z } from 'zod';
import { flag, list, settings, SettingsGroup, textLike, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class BreakerSettings extends settings({
  BREAKER_ENABLED: {
    schema: flag().default(true),
    description: 'Whether calls and requests to other processes go through breakers and bulkheads.',
    live: true,
  },
  BREAKER_TIMEOUT_MS: {
    schema: wholeNumber(50, 600_000).default(1_000),
    description:
      'How long a call to another process may take, its retries included. Methods that their contract declares to take ' +
      'long have CALL_TIMEOUT_MS; requests that the gateway passes on have the deadline of their route.',
    live: true,
  },
  BREAKER_TIMEOUTS: {
    schema: list()
      .default([])
      .pipe(
        z.array(
          textLike(/^[a-z]+(\.[a-zA-Z]+)?=\d{2,6}$/, 'context=milliseconds or context.method=milliseconds'),
        ),
      ),
    description: 'Other times for single contexts and methods: billing=2000,invoices.send=4500.',
    live: true,
  },
  BREAKER_MAX_CONCURRENT: {
    schema: wholeNumber(1, 100_000).default(100),
    description:
      'The most calls, and the most requests, that may be in flight to a remote context at a time.',
    live: true,
  },
  BREAKER_ERROR_PERCENT: {
    schema: wholeNumber(1, 100).default(25),
    description: 'A breaker opens when more than this part of the last ten seconds has failed.',
    live: true,
  },
  BREAKER_MIN_VOLUME: {
    schema: wholeNumber(1, 100_000).default(20),
    description: 'Fewer calls than this in ten seconds open no breaker.',
    live: true,
  },
  BREAKER_RESET_MS: {
    schema: wholeNumber(50, 600_000).default(2_000),
    description:
      'How long an open breaker waits before it lets one call through to see whether the context is back.',
    live: true,
  },
}) {}
