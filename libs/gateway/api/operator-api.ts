import type { z } from 'zod';
import type { ActivityResource } from './activity.controller.js';
import type {
  AuditEventResource,
  DeadLetterResource,
  MissingContexts,
  SagaDetails,
  SagaResource,
} from './operations.resources.js';
import type { SettingsResource } from './settings.controller.js';
import type { TopologyResource } from './topology.controller.js';

// Types instead of interfaces, which no index signature fits.
type Answers<Body> = {
  responses: { 200: { content: { 'application/json': Body } } };
};

type Get<Body> = {
  get: { parameters: object } & Answers<Body>;
};

type OperatorPage<Item> = {
  items: Item[];
  nextCursor: string | null;
  missing: z.output<typeof MissingContexts>;
};

type List<Item, Query> = {
  get: { parameters: { query?: Query & { limit?: string; cursor?: string } } } & Answers<OperatorPage<Item>>;
};

type ById = {
  parameters: { path: { id: string } };
};

type Send<Body, Answer> = {
  post: { parameters: object; requestBody: { content: { 'application/json': Body } } } & Answers<Answer>;
};

type Act<Status extends number> = {
  post: ById & { responses: Record<Status, { content?: never }> };
};

/**
 * What operators may ask of a gateway, as a page sees it: types in the form of openapi-typescript, from the same schemas as
 * the routes. The console is typed by it, so that it knows no product.
 */
export interface OperatorApi {
  '/api/admin/topology': Get<z.output<typeof TopologyResource>>;
  '/api/admin/activity': Get<z.output<typeof ActivityResource>>;
  '/api/admin/settings': Get<z.output<typeof SettingsResource>>;
  '/api/admin/sagas': List<
    z.output<typeof SagaResource>,
    { status?: 'running' | 'compensating' | 'completed' | 'compensated'; context?: string }
  >;
  '/api/admin/sagas/{id}': { get: ById & Answers<z.output<typeof SagaDetails>> };
  '/api/admin/sagas/{id}/retry': Act<202>;
  '/api/admin/sagas/{id}/abort': Act<202>;
  '/api/admin/dead-letters': List<z.output<typeof DeadLetterResource>, { context?: string }>;
  '/api/admin/dead-letters/{id}/replay': Act<204>;
  '/api/admin/dead-letters/{id}/discard': Act<204>;
  '/api/admin/audit': List<z.output<typeof AuditEventResource>, { context?: string; action?: string }>;
  /** Where the product has users of its own, as those below. */
  '/api/users/me': Get<{ roles: string[] }>;
  '/api/users/me/second-factor': Get<{ active: boolean; required: boolean }> &
    Send<{ password: string }, { secret: string; otpauth: string }>;
  '/api/users/me/second-factor/confirm': Send<{ code: string }, { recoveryCodes: string[] }>;
}
