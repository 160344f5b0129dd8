import type { Type } from '@nestjs/common';
import type { Component } from '@fissile/kit/contract';

/** A module that a process can host: a bounded context, or the gateway. */
export type HostedModule = Type & { readonly context: Component };
