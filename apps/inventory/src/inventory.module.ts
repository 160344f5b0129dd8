import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { Inventory } from '#contracts/inventory';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { InventoryController } from './api/inventory.controller.js';
import { InventoryHandler } from './api/inventory.handler.js';
import { INVENTORY_MIGRATIONS } from './data/inventory.migration.js';
import { ReservationRepository } from './data/reservation-repository.js';
import { StockEntity } from './data/stock.entity.js';
import { StockRepository } from './data/stock-repository.js';
import { ReservationService } from './reservation.service.js';
import { ShipmentService } from './shipment.service.js';
import { stockMetricProviders } from './stock-metrics.js';
import { StockService } from './stock.service.js';

const database = DatabaseModule.forContext('inventory', {
  entities: [StockEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...INVENTORY_MIGRATIONS],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [
    database,
    messaging,
    audit,
    OperationsModule.forContext('inventory', { database, messaging, audit }),
  ],
  controllers: [InventoryController],
  providers: [
    StockRepository,
    StockService,
    ...stockMetricProviders,
    ReservationRepository,
    ReservationService,
    ShipmentService,
    InventoryHandler,
    implement(Inventory, 'inventory', InventoryHandler),
  ],
})
export class InventoryModule {
  static readonly context = 'inventory';
}
