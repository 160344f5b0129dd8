import type { TokenIssuer } from '@fissile/kit/contract';

/** The issuer of a product that has none: no token is good. */
export const NO_ISSUER: TokenIssuer = {
  getSigningKeys: async () => ({ keys: [] }),
  listRevocations: async () => ({ revocations: [] }),
};
