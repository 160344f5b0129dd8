export { ApiProblem, type ErrorCode, hasCode, type Problem, ShopUnreachable } from './api-problem.js';
export type { Answer, Init, ItemOf, ListPath, Page, QueryOf } from './answers.js';
export type { components, operations, paths } from './generated/api.js';
export { isChanging, newKey, type NewOrder, type Order, orderAtRest, placeOrder } from './orders.js';
export type { Observer, RetryPolicy } from './retries.js';
export { type Credentials, inMemory, type Session, type TokenStore, type Tokens } from './session.js';
export { ShopClient, type ShopClientOptions } from './shop-client.js';
export type { Resource } from './resource.js';
