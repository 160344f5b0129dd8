import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readGoDuration } from './go-duration.js';
import type { KeyValues } from './key-values.js';

const SHORTEST_TTL_MS = 10_000;
const LONGEST_TTL_MS = 86_400_000;
/** Consul gives a session this many times its TTL before it ends it. */
const PATIENCE = 2;

const Ttl = z
  .string()
  .transform((text) => readGoDuration(text) ?? -1)
  .refine(
    (ms) => ms >= SHORTEST_TTL_MS && ms <= LONGEST_TTL_MS,
    'Invalid Session TTL, must be between [10s=24h0m0s]',
  );

const SessionRequest = z.object({
  Name: z.string().default(''),
  TTL: Ttl.optional(),
  Behavior: z.enum(['release', 'delete']).default('release'),
  LockDelay: z.string().default('15s'),
});

interface Session extends z.output<typeof SessionRequest> {
  readonly id: string;
  timer?: NodeJS.Timeout;
}

/** The sessions of the agent: each ends when nobody renews it, and then so does what it holds. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly keyValues: KeyValues) {}

  /** @throws when Consul would refuse it */
  create(body: unknown): string {
    const session: Session = { id: randomUUID(), ...SessionRequest.parse(body) };
    this.sessions.set(session.id, session);
    this.renew(session.id);
    return session.id;
  }

  has(id: string): boolean {
    return this.sessions.has(id);
  }

  /** @returns whether there is such a session */
  renew(id: string): boolean {
    const session = this.sessions.get(id);
    if (!session) return false;
    clearTimeout(session.timer);
    if (session.TTL !== undefined)
      session.timer = setTimeout(() => this.end(id), session.TTL * PATIENCE).unref();
    return true;
  }

  end(id: string): void {
    const session = this.sessions.get(id);
    if (!session) return;
    clearTimeout(session.timer);
    this.sessions.delete(id);
    this.keyValues.letGo(id, session.Behavior);
  }

  clear(): void {
    for (const { timer } of this.sessions.values()) clearTimeout(timer);
    this.sessions.clear();
  }
}
