import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { Orders } from '#contracts/orders';
import { Database, DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';
import { implement } from '@fissile/kit/rpc';
import { AwaitedActions } from './awaited-action.js';
import { OrdersController } from './api/orders.controller.js';
import { OrdersHandler } from './api/orders.handler.js';
import { CancelOrderService } from './cancel-order.service.js';
import { ForgottenKeys, forgottenKeys, IdempotencyKeys } from './data/idempotency-keys.js';
import { OrderEntity, OrderLineEntity } from './data/order.entity.js';
import { OrderRepository } from './data/order-repository.js';
import { ORDERS_MIGRATIONS } from './data/orders.migration.js';
import { orderMetricProviders } from './order-metrics.js';
import { CancellationRecord } from './cancellation-record.js';
import { OrderRecords } from './order-records.js';
import { OrdersSettings } from './orders.settings.js';
import { PlaceOrderService } from './place-order.service.js';
import { CancelOrderSaga } from './sagas/cancel-order.saga.js';
import { PlaceOrderSaga } from './sagas/place-order.saga.js';
import { ReturnOrderSaga } from './sagas/return-order.saga.js';
import { ShipOrderSaga } from './sagas/ship-order.saga.js';
import { ShipOrderService } from './ship-order.service.js';

const database = DatabaseModule.forContext('orders', {
  entities: [OrderEntity, OrderLineEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...SAGA_MIGRATIONS, ...ORDERS_MIGRATIONS],
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
    OperationsModule.forContext('orders', { database, messaging, audit, sagas }),
  ],
  controllers: [OrdersController],
  providers: [
    OrderRepository,
    IdempotencyKeys,
    { provide: ForgottenKeys, inject: [Database, OrdersSettings], useFactory: forgottenKeys },
    ...orderMetricProviders,
    PlaceOrderService,
    PlaceOrderSaga,
    AwaitedActions,
    CancellationRecord,
    CancelOrderService,
    CancelOrderSaga,
    ShipOrderService,
    ShipOrderSaga,
    ReturnOrderSaga,
    OrderRecords,
    keepsPersonalData('orders', OrderRecords),
    OrdersHandler,
    implement(Orders, 'orders', OrdersHandler),
  ],
})
export class OrdersModule {
  static readonly context = 'orders';
}
