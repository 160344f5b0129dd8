import { type DynamicModule, Module } from '@nestjs/common';
import type { ContextName } from '@fissile/kit/contract';
import { DatabaseModule, type DataSourceUse } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';

const MIGRATIONS = [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...SAGA_MIGRATIONS];

interface Known {
  readonly dataSource: DataSourceUse['dataSource'];
  readonly module: DynamicModule;
}

@Module({})
class ContextPartsModule {}

/** One for each context: a second outbox relay or saga engine would be started for every module that imports it. */
const known = new Map<ContextName, Known>();

/** What a context has on the DataSource of an application. */
export function contextParts(
  context: ContextName,
  { dataSource }: Pick<DataSourceUse, 'dataSource'>,
): DynamicModule {
  const before = known.get(context);
  if (before?.dataSource === dataSource) return before.module;
  if (before) throw new Error(`${context} is on another DataSource already`);
  const database = DatabaseModule.forDataSource(context, { dataSource, migrations: MIGRATIONS });
  const messaging = MessagingModule.forContext(database);
  const audit = AuditModule.forContext(database);
  const sagas = SagaModule.forContext(database, messaging);
  const operations = OperationsModule.forContext(context, { database, messaging, audit, sagas });
  const module = {
    module: ContextPartsModule,
    imports: [database, messaging, audit, sagas, operations],
    exports: [database, messaging, audit, sagas],
  };
  known.set(context, { dataSource, module });
  return module;
}
