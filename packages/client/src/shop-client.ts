import { ApiClient, type ApiClientOptions, type Credentials, inMemory } from '@fissile/api-client';
import type { paths } from './generated/api.js';

export type ShopClientOptions = ApiClientOptions;

/** Whoever speaks the public API of a shop. */
export type ShopApi = ApiClient<paths>;

/** Speaks the public API of a shop as one user, or anonymously. */
export class ShopClient extends ApiClient<paths> {
  /** The same shop, as another user. */
  as(credentials: Credentials): ShopClient {
    return new ShopClient({ ...this.options, tokens: inMemory(), credentials });
  }
}
