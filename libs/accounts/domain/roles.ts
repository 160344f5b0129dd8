import { z } from 'zod';

/** What a role is called is the product's decision, but for this one, which the kit's own routes ask for. */
const ADMIN = 'admin';

let names: readonly string[] = ['user', ADMIN];

/**
 * Says which roles there are, beside `admin`. The decorators of the routes are there before the product's module is, so
 * the schema looks the names up when it is used.
 */
export function setRoles(roles: readonly string[]): void {
  names = [...new Set([...roles, ADMIN])];
}

/** All that there are. */
export function roleNames(): readonly string[] {
  return names;
}

/** Of a new account. */
export function firstRole(): string {
  return names[0] ?? ADMIN;
}

export const Role = z.lazy(() => z.enum(names));

/** What the roles of an account may become. */
export const Roles = z.lazy(() =>
  z.array(z.enum(names)).min(1, 'expected at least one role').max(names.length),
);
