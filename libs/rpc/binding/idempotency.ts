import type { ContractMethod } from '@fissile/kit/contract';

/** Whether its .proto file declares that the method may be called again when no answer arrived. */
export function isIdempotent({ options }: ContractMethod): boolean {
  return options.idempotencyLevel !== undefined;
}
