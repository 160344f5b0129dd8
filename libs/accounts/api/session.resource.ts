import { z } from 'zod';
import { Id } from '@fissile/kit/http';
import type { ListedSession } from '../data/session-list.js';

export const SessionResource = z
  .object({
    id: Id,
    startedAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().meta({ description: 'When it was begun or last refreshed' }),
    network: z
      .string()
      .nullable()
      .meta({ description: 'The address of IPv4, or the /64 of IPv6, that it was begun from' }),
    userAgent: z
      .string()
      .nullable()
      .meta({ description: 'The first 120 characters of what the client called itself' }),
    current: z.boolean().meta({ description: 'Whether it is the one that asks' }),
  })
  .meta({ id: 'Session' });

export type SessionResource = z.output<typeof SessionResource>;

export function toResource(
  { startedAt, lastUsedAt, ...session }: ListedSession,
  currentId: string,
): SessionResource {
  return {
    ...session,
    startedAt: startedAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    current: session.id === currentId,
  };
}
