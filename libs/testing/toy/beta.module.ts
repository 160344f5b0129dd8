import { Module } from '@nestjs/common';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { implement } from '@fissile/kit/rpc';
import { Beta } from './beta.context.js';
import { BetaController } from './beta/beta.controller.js';
import { CreateBeta1790000000002 } from './beta/beta.migration.js';
import { HeardOfRuns } from './beta/heard-of-runs.js';
import { SlotStore } from './beta/slot-store.js';
import { SlotsHandler } from './beta/slots.handler.js';

const database = DatabaseModule.forContext('beta', {
  entities: [],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, CreateBeta1790000000002],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [database, messaging, audit, OperationsModule.forContext('beta', { database, messaging, audit })],
  controllers: [BetaController],
  providers: [SlotStore, HeardOfRuns, SlotsHandler, implement(Beta, 'beta', SlotsHandler)],
})
export class BetaModule {
  static readonly context = 'beta';
}
