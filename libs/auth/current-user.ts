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

/**
 * Whose rows a list has for the caller: those of `asked`, or without it of everyone, for an admin; for anyone else their own.
 * @throws ContextError `forbidden` to whoever else asks for another's
 */
export function ownerFilter(caller: Caller, asked?: string): string | undefined {
  if (isAdmin(caller)) return asked;
  if (asked !== undefined && asked !== caller.userId) throw ContextError.of('forbidden');
  return caller.userId;
}

export function isAdmin(caller: Caller): boolean {
  return caller.roles.includes('admin');
}
