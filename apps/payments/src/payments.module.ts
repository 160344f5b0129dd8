import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { Payments } from '#contracts/payments';
import { Database, DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { ActionsController } from './api/actions.controller.js';
import { PaymentsController } from './api/payments.controller.js';
import { PaymentsHandler } from './api/payments.handler.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { ChargeService } from './charge.service.js';
import { PaymentEntity, RefundEntity } from './data/payment.entity.js';
import { PaymentRepository } from './data/payment-repository.js';
import { PAYMENTS_MIGRATIONS } from './data/payments.migration.js';
import {
  OldProviderEvents,
  oldProviderEvents,
  ProviderEventRepository,
} from './data/provider-event-repository.js';
import { ForgottenRefundKeys, forgottenRefundKeys, RefundRepository } from './data/refund-repository.js';
import { OrderRefundService } from './order-refund.service.js';
import { PaymentRecords } from './payment-records.js';
import { NoticeService } from './notice.service.js';
import { PendingPayments } from './pending-payments.js';
import { paymentProvider, providerNotices } from './provider.js';
import { SandboxCustomer } from './providers/sandbox-customer.js';
import { paymentMetricProviders } from './payment-metrics.js';
import { PaymentsSettings } from './payments.settings.js';
import { RefundCompletion } from './refund-completion.js';
import { RefundService } from './refund.service.js';

const database = DatabaseModule.forContext('payments', {
  entities: [PaymentEntity, RefundEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...PAYMENTS_MIGRATIONS],
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
  // The webhook first: its path fits `:id` too.
  controllers: [WebhooksController, ActionsController, PaymentsController],
  providers: [
    PaymentRepository,
    RefundRepository,
    ProviderEventRepository,
    {
      provide: ForgottenRefundKeys,
      inject: [Database, PaymentsSettings],
      useFactory: forgottenRefundKeys,
    },
    { provide: OldProviderEvents, inject: [Database], useFactory: oldProviderEvents },
    paymentProvider,
    providerNotices,
    SandboxCustomer,
    ...paymentMetricProviders,
    ChargeService,
    RefundService,
    OrderRefundService,
    RefundCompletion,
    PaymentRecords,
    keepsPersonalData('payments', PaymentRecords),
    PendingPayments,
    NoticeService,
    PaymentsHandler,
    implement(Payments, 'payments', PaymentsHandler),
  ],
})
export class PaymentsModule {
  static readonly context = 'payments';
}
