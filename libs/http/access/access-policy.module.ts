import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ACCESS_CHECKED_MODULES, AccessPolicyCheck } from './access-policy-check.js';

/** Refuses the start of a process with a route that does not say who may call it. */
@Module({ imports: [DiscoveryModule], providers: [AccessPolicyCheck] })
export class AccessPolicyModule {
  /** Asks the controllers of these modules alone: the others belong to an application with rules of its own. */
  static forModules(modules: readonly Type[]): DynamicModule {
    return {
      module: AccessPolicyModule,
      providers: [{ provide: ACCESS_CHECKED_MODULES, useValue: modules }],
    };
  }
}
