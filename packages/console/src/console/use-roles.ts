import { ApiProblem } from '@fissile/api-client';
import { useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';

export interface Roles {
  /** Of accounts; none while the product does not say. */
  readonly names: readonly string[];
  /** Undefined until it is known whether the product has accounts of the kit. */
  readonly hasAccounts: boolean | undefined;
}

const NONE: Roles = { names: [], hasAccounts: false };

/** The roles that an account can have, where the product has accounts. */
export function useRoles(): Roles {
  const { value, error } = useLoaded(async (): Promise<Roles> => {
    try {
      const { roles } = await product.get('/api/users/roles');
      return { names: roles, hasAccounts: true };
    } catch (problem) {
      // A product whose users are not the kit's refuses the route; one whose accounts are down does not answer it.
      if (problem instanceof ApiProblem && problem.status < 429) return NONE;
      throw problem;
    }
  }, []);
  return value ?? { names: [], hasAccounts: error === undefined ? undefined : true };
}
