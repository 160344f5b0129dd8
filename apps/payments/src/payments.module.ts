import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { Payments } from '#contracts/payments';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { PaymentsController } from './api/payments.controller.js';
import { PaymentsHandler } from './api/payments.handler.js';
import { ChargeService } from './charge.service.js';
import { PaymentEntity, RefundEntity } from './data/payment.entity.js';
import { PaymentRepository } from './data/payment-repository.js';
import { CreatePayments1763000000004 } from './data/payments.migration.js';
import { RefundRepository } from './data/refund-repository.js';
import { OrderRefundService } from './order-refund.service.js';
import { PaymentRecords } from './payment-records.js';
import { paymentProvider } from './provider.js';
import { paymentMetricProviders } from './payment-metrics.js';
import { RefundCompletion } from './refund-completion.js';
import { RefundService } from './refund.service.js';

const database = DatabaseModule.forContext('payments', {
  entities: [PaymentEntity, RefundEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, CreatePayments1763000000004],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [
    database,
    messaging,
    audit,
    OperationsModule.forContext('payments', { database, messaging, audit }),
  ],
  controllers: [PaymentsController],
  providers: [
    PaymentRepository,
    RefundRepository,
    paymentProvider,
    ...paymentMetricProviders,
    ChargeService,
    RefundService,
    OrderRefundService,
    RefundCompletion,
    PaymentRecords,
    keepsPersonalData('payments', PaymentRecords),
    PaymentsHandler,
    implement(Payments, 'payments', PaymentsHandler),
  ],
})
export class PaymentsModule {
  static readonly context = 'payments';
}
