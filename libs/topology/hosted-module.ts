import type { Type } from '@nestjs/common';
import type { ContextName } from '#libs/contracts';

/** A module that a process can host: a bounded context, or the gateway. */
export type HostedModule = Type & { readonly context: ContextName | 'gateway' };
