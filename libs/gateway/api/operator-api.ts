import type { z } from 'zod';
import type { AdviceRequest, AdviceView } from '../advice/advice.resources.js';
import type { BulkResource } from './bulk.resources.js';
import type { ActivityResource } from './activity.controller.js';
import type {
  AuditEventResource,
  DeadLetterResource,
  MissingContexts,
  SagaDetails,
  SagaResource,
} from './operations.resources.js';
import type { HistoryResource } from './history.controller.js';
import type { FindResource } from './find.controller.js';
import type { SchedulesResource } from './schedules.controller.js';
import type { SettingsResource } from './settings.controller.js';
import type { ChangeRequest } from '@fissile/kit/operations';
import type { LogPage, TraceDetails, TracePage } from '../telemetry/telemetry.resources.js';
import type { PlacementResource, TopologyResource } from './topology.controller.js';

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

/** When what is listed was made. */
type Made = {
  from?: string;
  to?: string;
};

/** What narrows every list of operators. */
type Filter = Made & {
  context?: string;
};

type Sorted = {
  sort?: 'newest' | 'oldest';
};

type SagaFilter = Filter & {
  status?: 'running' | 'compensating' | 'completed' | 'compensated';
  name?: string;
  id?: string;
};

type DeadLetterFilter = Filter & {
  type?: string;
  id?: string;
  text?: string;
};

type AuditFilter = Filter & {
  action?: string;
  by?: string;
  subject?: string;
};

/** What is done to all that fit. */
type Bulk<Filter> = Send<{ filter: Filter; preview?: boolean }, BulkResource>;

type List<Item, Query> = {
  get: { parameters: { query?: Query & { limit?: string; cursor?: string } } } & Answers<OperatorPage<Item>>;
};

/** Of one context, which answers itself. */
type OwnList<Item, Query> = {
  get: { parameters: { query?: Query & { limit?: string; cursor?: string } } } & Answers<{
    items: Item[];
    nextCursor: string | null;
  }>;
};

type User = {
  id: string;
  email: string;
  emailVerified: boolean;
  name: string;
  roles: string[];
  status: 'active' | 'disabled';
  createdAt: string;
};

type UserFilter = Made & {
  text?: string;
  role?: string;
  status?: 'active' | 'disabled';
};

type SecondFactor = { active: boolean; required: boolean; recoveryCodes: number };

type UserSession = {
  id: string;
  startedAt: string;
  lastUsedAt: string;
  network: string | null;
  userAgent: string | null;
  current: boolean;
};

type ById = {
  parameters: { path: { id: string } };
};

type Send<Body, Answer> = {
  post: { parameters: object; requestBody: { content: { 'application/json': Body } } } & Answers<Answer>;
};

type Remove = {
  delete: ById & { responses: Record<204, { content?: never }> };
};

type Ask<Body> = {
  post: {
    parameters: object;
    requestBody: { content: { 'application/json': Body } };
    responses: Record<202, { content?: never }>;
  };
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
  '/api/admin/topology/changes': {
    post: {
      parameters: object;
      requestBody: { content: { 'application/json': z.input<typeof ChangeRequest> } };
      responses: { 202: { content: { 'application/json': z.output<typeof PlacementResource> } } };
    };
  };
  '/api/admin/activity': Get<z.output<typeof ActivityResource>>;
  '/api/admin/history': {
    get: { parameters: { query?: { range?: '15m' | '1h' | '6h' } } } & Answers<
      z.output<typeof HistoryResource>
    >;
  };
  '/api/admin/advice': Get<AdviceView> & {
    post: {
      parameters: object;
      requestBody: { content: { 'application/json': z.input<typeof AdviceRequest> } };
      responses: { 202: { content: { 'application/json': AdviceView } } };
    };
    delete: { parameters: object; responses: Record<204, { content?: never }> };
  };
  '/api/admin/find': {
    get: { parameters: { query: { q: string } } } & Answers<z.output<typeof FindResource>>;
  };
  '/api/admin/settings': Get<z.output<typeof SettingsResource>>;
  '/api/admin/schedules': Get<z.output<typeof SchedulesResource>>;
  '/api/admin/sagas': List<z.output<typeof SagaResource>, SagaFilter & Sorted>;
  '/api/admin/sagas/{id}': { get: ById & Answers<z.output<typeof SagaDetails>> };
  '/api/admin/sagas/retry': Bulk<SagaFilter>;
  '/api/admin/sagas/abort': Bulk<SagaFilter>;
  '/api/admin/sagas/{id}/retry': Act<202>;
  '/api/admin/sagas/{id}/abort': Act<202>;
  '/api/admin/dead-letters': List<z.output<typeof DeadLetterResource>, DeadLetterFilter & Sorted>;
  '/api/admin/dead-letters/replay': Bulk<DeadLetterFilter>;
  '/api/admin/dead-letters/discard': Bulk<DeadLetterFilter>;
  '/api/admin/dead-letters/{id}/replay': Act<204>;
  '/api/admin/dead-letters/{id}/discard': Act<204>;
  '/api/admin/audit': List<z.output<typeof AuditEventResource>, AuditFilter & Sorted>;
  '/api/admin/traces': {
    get: {
      parameters: {
        query?: {
          limit?: string;
          cursor?: string;
          text?: string;
          process?: string;
          minDurationMs?: string;
          failed?: 'true' | 'false';
        };
      };
    } & Answers<z.output<typeof TracePage>>;
  };
  '/api/admin/traces/{traceId}': {
    get: { parameters: { path: { traceId: string } } } & Answers<z.output<typeof TraceDetails>>;
  };
  '/api/admin/logs': {
    get: {
      parameters: {
        query?: {
          limit?: string;
          cursor?: string;
          process?: string;
          level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
          text?: string;
          traceId?: string;
          since?: string;
        };
      };
    } & Answers<z.output<typeof LogPage>>;
  };
  /** Where the product has users of its own, as those below. */
  '/api/users/me': Get<{ id: string; roles: string[] }>;
  '/api/users': OwnList<User, UserFilter & Sorted>;
  '/api/users/roles': Get<{ roles: string[] }>;
  '/api/users/{id}': { get: ById & Answers<User> } & {
    patch: ById & {
      requestBody: { content: { 'application/json': { roles?: string[]; status?: 'active' | 'disabled' } } };
    } & Answers<User>;
  };
  '/api/users/{id}/sessions': { get: ById & OwnList<UserSession, object>['get'] } & Remove;
  '/api/users/{id}/second-factor': { get: ById & Answers<SecondFactor> } & Remove;
  '/api/users/verification': Ask<{ email: string }>;
  '/api/auth/password-reset': Ask<{ email: string }>;
  '/api/users/me/second-factor': Get<SecondFactor> &
    Send<{ password: string }, { secret: string; otpauth: string }>;
  '/api/users/me/second-factor/confirm': Send<{ code: string }, { recoveryCodes: string[] }>;
}
