import { type DynamicModule, Injectable, type InjectionToken, Module } from '@nestjs/common';
import type { ContextName } from '@fissile/kit/contract';
import { DatabaseModule, type DataSourceUse } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';

const MIGRATIONS = [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...SAGA_MIGRATIONS];

const PLACE = 'the DataSource of a context';

@Module({})
class ContextPartsModule {}

/** The DataSource of each context of an application: a second outbox relay or saga engine would take its work from the first. */
@Injectable()
export class ContextDataSources {
  private readonly byContext = new Map<ContextName, InjectionToken>();

  /** @throws Error when the context is on another one already */
  add(context: ContextName, dataSource: InjectionToken): void {
    if (this.byContext.has(context)) {
      throw new Error(`FissileModule.forContext: ${context} is on two DataSources; expected one`);
    }
    this.byContext.set(context, dataSource);
  }
}

/**
 * Nest takes equal modules for one when they are the same object. They are descriptions: what an application makes of
 * them is its own.
 */
const described = new Map<InjectionToken, Map<ContextName, DynamicModule>>();

/** What a context has on the DataSource of an application. */
export function contextParts(
  context: ContextName,
  { dataSource }: Pick<DataSourceUse, 'dataSource'>,
): DynamicModule {
  const onDataSource = described.get(dataSource) ?? new Map<ContextName, DynamicModule>();
  described.set(dataSource, onDataSource);
  const module = onDataSource.get(context) ?? describe(context, dataSource);
  onDataSource.set(context, module);
  return module;
}

function describe(context: ContextName, dataSource: DataSourceUse['dataSource']): DynamicModule {
  const database = DatabaseModule.forDataSource(context, { dataSource, migrations: MIGRATIONS });
  const messaging = MessagingModule.forContext(database);
  const audit = AuditModule.forContext(database);
  const sagas = SagaModule.forContext(database, messaging);
  const operations = OperationsModule.forContext(context, { database, messaging, audit, sagas });
  return {
    module: ContextPartsModule,
    imports: [database, messaging, audit, sagas, operations],
    providers: [
      {
        provide: PLACE,
        inject: [ContextDataSources],
        useFactory: (places: ContextDataSources) => places.add(context, dataSource),
      },
    ],
    exports: [database, messaging, audit, sagas],
  };
}
