import type { DestinationStream } from 'pino';
import pino from 'pino';
import { missingPackages, requirePackages } from '@fissile/kit/host';
import type { LogExport } from './log-export.js';
import type { TelemetrySettings } from './logging.settings.js';
import type { RecentLines } from '../recent/recent-lines.js';
import type { Redact } from './redaction.js';

const PRETTY = ['pino-pretty'];

/**
 * Where log lines go, each after its redaction.
 * @param recent gets the same lines, and so does `exported`
 * @throws MissingPackagesError for `pretty` without the package that makes lines readable; `auto` then writes JSON
 */
export async function logOutput(
  format: TelemetrySettings['LOG_FORMAT'],
  redact: Redact,
  recent: Pick<RecentLines, 'add'>,
  exported?: Pick<LogExport, 'send'>,
): Promise<DestinationStream> {
  if (format === 'pretty') requirePackages('LOG_FORMAT=pretty', PRETTY);
  const output = isPretty(format) ? await prettyOutput() : pino.destination({ fd: 1, sync: true });
  return {
    write: (line) => {
      const redacted = redact(line);
      output.write(redacted);
      recent.add(redacted);
      exported?.send(redacted);
    },
  };
}

/** Whether lines are for a person at a terminal. */
export function isPretty(format: TelemetrySettings['LOG_FORMAT']): boolean {
  return (
    format === 'pretty' || (format === 'auto' && process.stdout.isTTY && missingPackages(PRETTY).length === 0)
  );
}

async function prettyOutput(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    sync: true,
    singleLine: true,
    ignore: 'pid,context,service,version,env',
    messageFormat: '{if context}[{context}] {end}{msg}',
  });
}
