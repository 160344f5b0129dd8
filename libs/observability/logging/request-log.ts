import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { ServedRequest } from '../metrics/http-metrics.js';

const logger = new Logger('Http');

/**
 * Writes a line about a request that was answered, at the level debug: metrics and traces have the same at a lower cost, and
 * failures have lines of their own.
 */
export function logRequest(describe: () => ServedRequest): void {
  if (!PinoLogger.root.isLevelEnabled('debug')) return;
  const { method, endpoint, status, seconds } = describe();
  logger.debug(`${method} ${endpoint} ${status} in ${Math.round(seconds * 1000)} ms`);
}
