import type { TelemetrySettings } from '@fissile/kit/observability';

type LogFormat = TelemetrySettings['LOG_FORMAT'];

/**
 * The settings by which a process prints as this one would: what it prints goes through a pipe, and ends in our terminal, if this
 * is one.
 */
export function outputOf(
  format: LogFormat,
  isTerminal: boolean,
  { NO_COLOR, TERM }: NodeJS.ProcessEnv,
): { LOG_FORMAT: LogFormat; FORCE_COLOR?: string } {
  if (!isTerminal) return { LOG_FORMAT: format };
  const hasColours = NO_COLOR === undefined && TERM !== 'dumb';
  return { LOG_FORMAT: format === 'auto' ? 'pretty' : format, ...(hasColours && { FORCE_COLOR: '1' }) };
}
