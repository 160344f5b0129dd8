import { type DynamicModule, Module } from '@nestjs/common';
import { type ContextName, Operations, PersonalData } from '@fissile/kit/contract';
import { implement } from '@fissile/kit/rpc';
import { OperationsHandler } from './operations.handler.js';
import { PersonalDataHandler } from './personal-data/personal-data.handler.js';

/** Serves, for the context that imports it, what the kit lets every context serve: the operators' contract, and that of personal data. */
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
      providers: [
        OperationsHandler,
        implement(Operations, context, OperationsHandler),
        PersonalDataHandler,
        implement(PersonalData, context, PersonalDataHandler),
      ],
    };
  }
}
