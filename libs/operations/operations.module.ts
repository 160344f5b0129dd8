import { type DynamicModule, Module } from '@nestjs/common';
import { type ContextName, Operations } from '@fissile/kit/contract';
import { implement } from '@fissile/kit/rpc';
import { OperationsHandler } from './operations.handler.js';

/** Serves the operators' contract for the context that imports it. */
@Module({})
export class OperationsModule {
  static forContext(
    context: ContextName,
    parts: {
      database: DynamicModule;
      messaging: DynamicModule;
      audit: DynamicModule;
      sagas?: DynamicModule;
    },
  ): DynamicModule {
    return {
      module: OperationsModule,
      imports: [parts.database, parts.messaging, parts.audit, ...(parts.sagas ? [parts.sagas] : [])],
      providers: [OperationsHandler, implement(Operations, context, OperationsHandler)],
    };
  }
}
