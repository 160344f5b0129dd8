import type { Type } from '@nestjs/common';
import type { Hostable } from '#libs/contracts';

/** A module that a process can host: a bounded context, or the gateway. */
export type HostedModule = Type & { readonly context: Hostable };
