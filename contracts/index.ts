import { fileURLToPath } from 'node:url';
import {
  ANY_PROCESS,
  type AuditActionOf,
  type ContextNameOf,
  defineContext,
  defineProduct,
  type ErrorCodeOf,
} from '@fissile/kit/contract';
import { inventory } from './inventory/index.js';
import { notifications } from './notifications/index.js';
import { orders } from './orders/index.js';
import { payments } from './payments/index.js';
import { products } from './products/index.js';
import { users as accounts, Users } from './users/index.js';

/** The kit's own context, and who in the shop may see the people themselves. */
const users = defineContext({
  ...accounts,
  callers: {
    getSigningKeys: [ANY_PROCESS],
    listRevocations: [ANY_PROCESS],
    getContact: ['notifications'],
    getContacts: ['notifications'],
  },
});

/** The shop: the description of the whole system that each of its processes shares. */
export const shop = defineProduct({
  name: 'Fissile shop',
  description: 'An online shop. Authorize takes an email and a password, or an access token.',
  contexts: [users, products, inventory, orders, payments, notifications],
  tokenIssuer: Users,
  settings: {
    THROTTLE_ROUTES: 'POST /api/auth/login=5/50,POST /api/users=5/50',
    THROTTLE_COSTS: 'GET /api/products?q=2,GET /api/users/me/export=10',
  },
  pages: [
    { name: 'shop', path: '/shop' },
    { name: 'account', path: '/account' },
    { name: 'console', path: '/console' },
    { name: 'demo', path: '/demo', outsideProduction: true },
  ],
  findLinks: [
    { kind: 'order', api: '/api/orders/{id}', page: '/shop#/staff/orders/{id}' },
    { kind: 'payment', api: '/api/payments/{id}', page: '/shop#/staff/payments/{id}' },
    { kind: 'product', api: '/api/products/{id}', page: '/shop#/staff/products/{id}' },
    { kind: 'mail', api: '/api/notifications/mails/{id}', page: '/shop#/staff/mails/{id}' },
  ],
  // Relative to the compiled file.
  protoFolder: fileURLToPath(new URL('../../contracts', import.meta.url)),
});

/** The bounded contexts of the shop. */
export const CONTEXTS = shop.contextNames;

/** The components that its processes can host: the contexts, and the gateway. */
export const COMPONENTS = shop.components;

export type ContextName = ContextNameOf<typeof shop>;

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<ErrorCodeOf<typeof shop>, true> {}
    interface AuditActions extends Record<AuditActionOf<typeof shop>, true> {}
    interface Fallbacks extends Record<'stale-catalogue' | 'pending-order', true> {}
  }
}
