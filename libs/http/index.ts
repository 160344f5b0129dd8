export { AccessPolicyModule } from './access/access-policy.module.js';
export { type Access, ACCESS, AdminOnly, Public, SignedIn } from './access/access.js';
export { ContextErrorFilter } from './context-error.filter.js';
export { clientNetwork } from './client-network.js';
export { ApiProblems } from './api-problems.js';
export { inexactFields } from './exact-json.js';
export { EdgeLimits } from './edge-limits.js';
export { checkVersion, type ExpectedVersions, IfMatch, setEntityTag } from './entity-tag.js';
export { HttpSettings } from './http.settings.js';
export { RouteDeadlines } from './route-deadlines.js';
export { integer } from './integer.js';
export { IdempotencyKey } from './idempotency-key.js';
export { inOrderOfTime, madeQuery, operatorQuery, sortQuery, Words } from './list-queries.js';
export { originForm } from './origin-form.js';
export {
  cutPage,
  MAX_LIMIT,
  type Page,
  pageOf,
  pageQuery,
  PageQuery,
  readCursor,
  toPage,
} from './pagination.js';
export { ProblemFilter } from './problem.filter.js';
export { ERRORS_PATH, payloadTooLarge, Problem, toProblem } from './problem.js';
export { RAW_BODY, RawBody } from './raw-body.js';
export { textBlock, textLine } from './text.js';
export { Id, RequestInvalid, validationPipe } from './validation.js';
