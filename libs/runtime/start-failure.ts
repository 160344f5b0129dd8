import { SettingsError } from '@fissile/kit/config';
import { DatabaseStartError, EmbeddedPostgresError } from '@fissile/kit/database';
import { MissingPackagesError } from '@fissile/kit/host';
import { EventBusStartError } from '@fissile/kit/messaging';

/** What people need to know about a start that failed: one clear message, and a stack only where we are to blame. */
export function explainStartFailure(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DatabaseStartError) return error.message;
  if (error instanceof EmbeddedPostgresError || error instanceof MissingPackagesError) return error.message;
  if (error instanceof EventBusStartError) return error.message;
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is taken by another program. Set PORT to a free one, or to 0 for any.`;
  }
  if (code === 'EACCES' && port !== undefined)
    return `This user may not listen on port ${port}. Set PORT above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST is not an address of this machine: ${address}`;
  return `The start failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
