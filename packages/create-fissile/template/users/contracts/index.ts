import { fileURLToPath } from 'node:url';
import { type AuditActionOf, defineProduct, type ErrorCodeOf } from '@fissile/kit/contract';
import { users, Users } from './users/index.js';

/** The description of the whole system, which all its processes share. */
export const product = defineProduct({
  name: '{{title}}',
  description: 'Log in at /api/auth/login and give the access token to Authorize.',
  contexts: [users],
  tokenIssuer: Users,
  settings: {
    THROTTLE_ROUTES: 'POST /api/auth/login=5/50,POST /api/users=5/50',
    THROTTLE_COSTS: 'GET /api/users/me/export=10',{{settings}}
  },
  // Relative to the compiled file.
  protoFolder: fileURLToPath(new URL('../../contracts', import.meta.url)),
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<ErrorCodeOf<typeof product>, true> {}
    interface AuditActions extends Record<AuditActionOf<typeof product>, true> {}
  }
}
