import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import type { Caller, ExternalSignIn } from '@fissile/kit/request';
import type { OidcSettings } from './oidc.settings.js';

/** Of ids that are derived from those of a provider. It must never change: rows of users refer to them. */
const NAMESPACE = '5c1c7a0e-6f1b-4b8e-9a53-0d9f0f6c2f2b';

const Uuid = z.uuid();
const Subject = z.string().min(1).max(255);
const Email = z.email();
/** Seconds since 1970. */
const AuthTime = z.int().min(0);

export type Claims = Readonly<Record<string, unknown>>;

type Mapping = Pick<
  OidcSettings,
  'AUTH_SUBJECT_CLAIM' | 'AUTH_EMAIL_CLAIM' | 'AUTH_ROLES_CLAIM' | 'AUTH_ROLE_MAP'
>;

/**
 * The user whom the claims of a verified token describe.
 * @param claims with `iss`
 * @throws ZodError when they do not name anybody
 */
export function callerOf(claims: Claims, mapping: Mapping): Caller {
  const issuer = z.string().parse(claims['iss']);
  const subject = Subject.parse(claimAt(claims, mapping.AUTH_SUBJECT_CLAIM));
  const session = Subject.safeParse(claims['sid'] ?? claims['jti']).data ?? subject;
  const email = emailOf(claims, mapping.AUTH_EMAIL_CLAIM);
  return {
    userId: Uuid.safeParse(subject).success ? subject.toLowerCase() : derivedId(issuer, 'user', subject),
    sessionId: derivedId(issuer, 'session', session),
    roles: mappedRoles(claimAt(claims, mapping.AUTH_ROLES_CLAIM), mapping.AUTH_ROLE_MAP),
    ...(email !== undefined && { email }),
    external: signInOf(claims),
  };
}

function signInOf(claims: Claims): ExternalSignIn {
  const seconds = AuthTime.safeParse(claims['auth_time']).data;
  return seconds === undefined ? {} : { signedInAt: new Date(seconds * 1000) };
}

/** Contexts keep the ids of users as UUIDs; a provider may name them as it likes. */
function derivedId(issuer: string, kind: string, name: string): string {
  return uuidv5(JSON.stringify([issuer, kind, name]), NAMESPACE);
}

function emailOf(claims: Claims, name: string): string | undefined {
  // What the provider itself does not believe is not believed here.
  if (claims['email_verified'] === false || claims['email_verified'] === 'false') return undefined;
  return Email.safeParse(claimAt(claims, name)).data;
}

/** @param roles a list, or names separated by spaces; anything else means none */
function mappedRoles(roles: unknown, map: readonly string[]): string[] {
  const names = (typeof roles === 'string' ? roles.split(' ') : Array.isArray(roles) ? roles : []).filter(
    (name): name is string => typeof name === 'string' && name !== '',
  );
  if (map.length === 0) return [...new Set(names)];
  const pairs = map.map((pair) => {
    const end = pair.lastIndexOf('=');
    return { from: pair.slice(0, end), to: pair.slice(end + 1) };
  });
  return [...new Set(pairs.filter(({ from }) => names.includes(from)).map(({ to }) => to))];
}

/** What is at a path such as `realm_access.roles`. Names of claims may have dots too: the longest that fits is taken. */
function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined;
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (!Object.hasOwn(claims, name)) continue;
    const value = (claims as Claims)[name];
    return end === path.length ? value : claimAt(value, path.slice(end + 1));
  }
  return undefined;
}
