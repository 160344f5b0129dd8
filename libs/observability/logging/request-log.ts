import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { isProduction } from '@fissile/kit/config';
import type { ServedRequest } from '../metrics/http-metrics.js';
import { isPretty } from './log-output.js';
import type { TelemetrySettings } from './logging.settings.js';

const logger = new Logger('Http');

/** What is asked for by machines, and by the console that shows the rest. */
const BY_ITSELF = /^\/(health|metrics|assets|api\/admin|sign-in\.json|favicon\.ico)/;

/** Whether a developer reads the log in a terminal, and wants to see what comes in. */
export function showsRequests({ LOG_FORMAT }: TelemetrySettings): boolean {
  return !isProduction() && isPretty(LOG_FORMAT);
}

/**
 * Writes a line about a request that was answered: at the level debug, since metrics and traces have the same at a lower cost, and
 * failures have lines of their own.
 * @param isShown at the level info, but for what nobody has asked for by hand
 */
export function logRequest(describe: () => ServedRequest, isShown: boolean): void {
  if (!PinoLogger.root.isLevelEnabled(isShown ? 'info' : 'debug')) return;
  const { method, endpoint, status, seconds } = describe();
  const line = `${method} ${endpoint} ${status} ${Math.round(seconds * 1000)} ms`;
  if (isShown && !BY_ITSELF.test(endpoint)) logger.log(line);
  else logger.debug(line);
}
