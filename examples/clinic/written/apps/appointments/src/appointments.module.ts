import { Module } from '@nestjs/common';
import { Appointments } from '#contracts/appointments';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { implement } from '@fissile/kit/rpc';
import { AppointmentsController } from './api/appointments.controller.js';
import { AppointmentsHandler } from './api/appointments.handler.js';
import { AppointmentEntity } from './data/appointment.entity.js';
import { AppointmentRepository } from './data/appointment-repository.js';
import { CreateAppointments0000000000000 } from './data/appointments.migration.js';
import { AppointmentsService } from './appointments.service.js';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';
import { BookAppointmentSaga } from './sagas/book-appointment.saga.js';

const database = DatabaseModule.forContext('appointments', {
  entities: [AppointmentEntity],
  migrations: [
    ...MESSAGING_MIGRATIONS,
    ...AUDIT_MIGRATIONS,
    CreateAppointments0000000000000,
    ...SAGA_MIGRATIONS,
  ],
});
const messaging = MessagingModule.forContext(database);
const sagas = SagaModule.forContext(database, messaging);
const audit = AuditModule.forContext(database);

@Module({
  imports: [
    database,
    messaging,
    audit,
    OperationsModule.forContext('appointments', { database, messaging, audit, sagas }),
    sagas,
  ],
  controllers: [AppointmentsController],
  providers: [
    AppointmentRepository,
    AppointmentsService,
    keepsPersonalData('appointments', AppointmentRepository),
    AppointmentsHandler,
    implement(Appointments, 'appointments', AppointmentsHandler),
    BookAppointmentSaga,
  ],
})
export class AppointmentsModule {
  static readonly context = 'appointments';
}
