export { ApiClient, type ApiClientOptions } from './api-client.js';
export { ApiProblem, ApiUnreachable, hasCode, type Problem } from './api-problem.js';
export type { Answer, Init, ItemOf, ListPath, Page, PathMap, QueryOf } from './answers.js';
export { newKey } from './idempotency-key.js';
export { type Observer, pause, type RetryPolicy } from './retries.js';
export {
  type Credentials,
  inMemory,
  type Session,
  SESSION_ROUTES,
  type TokenStore,
  type Tokens,
} from './session.js';
