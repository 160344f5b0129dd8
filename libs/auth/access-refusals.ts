import type { Caller } from '@fissile/kit/request';

/** A request that was refused at a route for operators. */
export interface RefusedAccess {
  /** The method and the template of the route. */
  readonly route: string;
  /** The code of the error. */
  readonly reason: string;
  /** Whose token is good, but not good enough. */
  readonly caller?: Caller | undefined;
  readonly authorization?: string | undefined;
}

/** Is told who was refused at a route for operators. */
export abstract class AccessRefusals {
  abstract add(refused: RefusedAccess): void;
}
