export {
  ApiProblem,
  ApiUnreachable,
  type Credentials,
  hasCode,
  inMemory,
  newKey,
  type Observer,
  type Page,
  type Problem,
  type RetryPolicy,
  type Session,
  type TokenStore,
  type Tokens,
} from '@fissile/api-client';
export type { ErrorCode, ItemOf, ListPath, QueryOf } from './answers.js';
export type { components, operations, paths } from './generated/api.js';
export { type Books, readBooks } from './books.js';
export { findDifferences, keptOf } from './differences.js';
export { isChanging, type NewOrder, type Order, orderAtRest, placeOrder } from './orders.js';
export { type ShopApi, ShopClient, type ShopClientOptions } from './shop-client.js';
export type { Resource } from './resource.js';
