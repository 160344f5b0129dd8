import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Json } from '../harness/api.js';
import { CARD, type ProbedShop } from './probed-shop.js';

/** A route of the document that the shop serves. */
export interface DocumentedRoute {
  /** As in `GET /api/orders/{id}`. */
  readonly name: string;
  readonly method: string;
  /** The template. */
  readonly path: string;
  readonly operation: Json;
  readonly needsToken: boolean;
}

export function routesOf(document: Json): DocumentedRoute[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([verb, operation]) => {
      const method = verb.toUpperCase();
      return {
        name: `${method} ${path}`,
        method,
        path,
        operation,
        needsToken: operation.security !== undefined,
      };
    }),
  );
}

/** The routes that customers may call with a token. Any other authenticated route is an admin's. */
export const OF_CUSTOMERS: ReadonlySet<string> = new Set([
  'POST /api/auth/logout',
  'GET /api/users/me',
  'PATCH /api/users/me',
  'DELETE /api/users/me',
  'GET /api/users/me/export',
  'POST /api/users/me/password',
  'GET /api/users/me/second-factor',
  'POST /api/users/me/second-factor',
  'POST /api/users/me/second-factor/confirm',
  'POST /api/users/me/second-factor/remove',
  'POST /api/users/me/second-factor/recovery-codes',
  'GET /api/users/me/sessions',
  'DELETE /api/users/me/sessions',
  'DELETE /api/users/me/sessions/{id}',
  'GET /api/inventory/{productId}',
  'POST /api/orders',
  'GET /api/orders',
  'GET /api/orders/{id}',
  'GET /api/orders/{id}/timeline',
  'POST /api/orders/{id}/cancel',
  'GET /api/payments',
  'GET /api/payments/{id}',
  'POST /api/payments/{id}/sandbox-action',
  'GET /api/notifications',
]);

/** The public routes. */
export const OF_ANYONE: ReadonlySet<string> = new Set([
  'GET /.well-known/jwks.json',
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'POST /api/auth/revoke',
  'POST /api/auth/sign-in-link',
  'POST /api/auth/pages/{page}/login',
  'POST /api/auth/pages/{page}/sign-in-link',
  'POST /api/auth/pages/{page}/refresh',
  'POST /api/auth/pages/{page}/revoke',
  'POST /api/auth/password-reset',
  'POST /api/auth/password-reset/confirm',
  'POST /api/users/verification',
  'POST /api/users/verification/confirm',
  'POST /api/users',
  'POST /api/payments/webhooks/stripe',
  'GET /api/inventory/availability',
  'GET /api/products',
  'GET /api/products/{id}',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /health/startup',
  'GET /metrics',
]);

/** The routes whose bodies are signed: whatever a stranger sends there is refused before it is read. */
export const OF_SIGNED_BODIES: ReadonlySet<string> = new Set(['POST /api/payments/webhooks/stripe']);

/** The path with the ids of existing resources, all of which are Alice's or no one's. */
export function filled(path: string, probed: ProbedShop): string {
  const ids: Readonly<Record<string, string>> = {
    '/api/orders/': probed.order.id,
    '/api/payments/': probed.order.paymentId,
    '/api/notifications/mails/': probed.mailId,
    '/api/users/': probed.alice.id,
    '/api/users/me/sessions/': sessionOf(probed.alice.token),
    '/api/products/': probed.productId,
    '/api/inventory/': probed.productId,
    '/api/admin/sagas/': probed.sagaId,
    '/api/admin/dead-letters/': probed.deadLetterId,
    '/api/admin/traces/': probed.traceId,
    '/api/auth/pages/': 'shop',
  };
  return path
    .replace(/^([^{]*)\{\w+\}/, (_whole, start: string) => {
      assert.ok(ids[start], `${path} takes an id: say here which one of Alice's things it is`);
      return start + ids[start];
    })
    .replace('{refundId}', probed.order.paymentId);
}

/** A body that the route accepts; undefined when it accepts none. */
export function bodyFor({ name, operation }: DocumentedRoute, probed: ProbedShop): Json {
  if (!operation.requestBody) return undefined;
  const bodies: Readonly<Record<string, Json>> = {
    'POST /api/auth/login': { email: 'nobody@customers.example', password: 'not-the-password' },
    'POST /api/auth/refresh': { refreshToken: 'none' },
    'POST /api/auth/revoke': { refreshToken: 'none' },
    'POST /api/auth/sign-in-link': { token: 'none' },
    'POST /api/auth/pages/{page}/login': { email: 'nobody@customers.example', password: 'not-the-password' },
    'POST /api/auth/pages/{page}/sign-in-link': { token: 'none' },
    'POST /api/auth/password-reset': { email: 'nobody@customers.example' },
    'POST /api/auth/password-reset/confirm': { token: 'none', password: `the-password-of-${randomUUID()}` },
    'POST /api/users/verification': { email: 'nobody@customers.example' },
    'POST /api/users/verification/confirm': { token: 'none' },
    // Refused as too common before anything is counted: guesses would lock the callers out of their accounts.
    'POST /api/users/me/password': { currentPassword: 'not-the-password', newPassword: 'passwordpassword' },
    'POST /api/users/me/second-factor': { password: 'not-the-password' },
    'POST /api/users/me/second-factor/confirm': { code: '000000' },
    'POST /api/users/me/second-factor/remove': { password: 'not-the-password', code: '000000' },
    'POST /api/users/me/second-factor/recovery-codes': { password: 'not-the-password', code: '000000' },
    // Not the password of anybody, so that nobody goes.
    'DELETE /api/users/me': { password: 'not-the-password' },
    'POST /api/users': {
      email: probed.alice.email,
      password: `the-password-of-${randomUUID()}`,
      name: 'Eve',
    },
    'PATCH /api/users/me': { name: 'Eve' },
    'PATCH /api/users/{id}': { status: 'active' },
    'POST /api/products': { sku: 'P', name: 'Tea', category: 'drinks', description: 'hot', price: PRICE },
    'PATCH /api/products/{id}': { name: 'Tea', category: 'drinks', description: 'hot', price: PRICE },
    'PUT /api/inventory/{productId}': { onHand: 1_000 },
    'POST /api/inventory/{productId}/adjustments': { delta: 1, reason: 'found' },
    'POST /api/orders': {
      items: [{ productId: probed.productId, quantity: 1 }],
      payment: { method: CARD },
      currency: 'USD',
    },
    // In a second there are too few requests to judge by.
    'POST /api/admin/advice': { seconds: 1, costSeconds: 1 },
    // Previews, so that nothing is done.
    'POST /api/admin/sagas/retry': PREVIEW,
    'POST /api/admin/sagas/abort': PREVIEW,
    'POST /api/admin/dead-letters/replay': PREVIEW,
    'POST /api/admin/dead-letters/discard': PREVIEW,
    // Refused, so that nothing moves.
    'POST /api/admin/topology/changes': { action: 'move', context: 'nothing', to: 'own' },
    'POST /api/payments/{id}/sandbox-action': { approve: true },
    'POST /api/payments/webhooks/stripe': {},
    'POST /api/payments/{id}/refunds': { amountMinor: 1, reason: 'kindness' },
  };
  assert.ok(bodies[name], `${name} takes a body: say here what a good one is`);
  return structuredClone(bodies[name]);
}

/** The id of the session that an access token belongs to. */
function sessionOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
}

const PREVIEW = { filter: {}, preview: true };

const PRICE = { amountMinor: 1_250, currency: 'USD' };

/** Resolves a reference into the document. */
export function schemaOf(document: Json, schema: Json): Json {
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema?.$ref ?? '')?.[1];
  return name === undefined ? schema : schemaOf(document, document.components.schemas[name]);
}

/** Every property of every schema, as `Order.items[].sku`. */
export function propertiesOf(document: Json): string[] {
  const found: string[] = [];
  const visit = (path: string, schema: Json): void => {
    for (const [name, property] of Object.entries<Json>(schema?.properties ?? {})) {
      found.push(`${path}.${name}`);
      visit(`${path}.${name}`, property);
    }
    if (schema?.items) visit(`${path}[]`, schema.items);
    for (const part of [...(schema?.anyOf ?? []), ...(schema?.oneOf ?? []), ...(schema?.allOf ?? [])])
      visit(path, part);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(name, schema);
  return found;
}
