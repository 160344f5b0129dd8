import { createParamDecorator } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { type Caller, currentCall } from '@fissile/kit/request';

/** The user behind the request; only on routes that need one. */
export const CurrentUser = createParamDecorator((): Caller => requireCaller());

export function requireCaller(): Caller {
  const caller = currentCall()?.caller;
  if (!caller) throw ContextError.of('unauthenticated');
  return caller;
}

export function isAdmin(caller: Caller): boolean {
  return caller.roles.includes('admin');
}
