import { Module } from '@nestjs/common';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { implement } from '@fissile/kit/rpc';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';
import { Alpha } from './alpha.context.js';
import { CreateAlpha1790000000001 } from './alpha/alpha.migration.js';
import { HeardOfSlots } from './alpha/heard-of-slots.js';
import { NoteStore } from './alpha/note-store.js';
import { NotesHandler } from './alpha/notes.handler.js';
import { RunSaga } from './alpha/run.saga.js';
import { RunStore } from './alpha/run-store.js';
import { RunsController } from './alpha/runs.controller.js';

const database = DatabaseModule.forContext('alpha', {
  entities: [],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...SAGA_MIGRATIONS, CreateAlpha1790000000001],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);
const sagas = SagaModule.forContext(database, messaging);

@Module({
  imports: [
    database,
    messaging,
    audit,
    sagas,
    OperationsModule.forContext('alpha', { database, messaging, audit, sagas }),
  ],
  controllers: [RunsController],
  providers: [
    RunStore,
    NoteStore,
    RunSaga,
    HeardOfSlots,
    NotesHandler,
    implement(Alpha, 'alpha', NotesHandler),
  ],
})
export class AlphaModule {
  static readonly context = 'alpha';
}
