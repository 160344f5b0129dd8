import { contract, defineContext } from '@fissile/kit/contract';
import { InventoryDefinition } from '../generated/inventory/inventory.js';
import { InventoryDepleted, InventoryReleased, InventoryReserved } from './inventory.events.js';
import { inventoryErrors } from './inventory.errors.js';

/** See inventory.proto. */
export abstract class Inventory extends contract(InventoryDefinition) {}

export type { ReleaseRequest, ReleaseResponse, ReservationLine } from '../generated/inventory/inventory.js';
export type { RestockRequest, RestockResponse } from '../generated/inventory/inventory.js';
export type { ShipRequest, ShipResponse } from '../generated/inventory/inventory.js';
export type { ReserveRequest, ReserveResponse } from '../generated/inventory/inventory.js';

export { InventoryDepleted, InventoryReleased, InventoryReserved };

export const inventory = defineContext({
  name: 'inventory',
  description: 'How many units of each product there are; orders reserve them',
  contract: Inventory,
  callers: ['orders'],
  publishes: [InventoryReserved, InventoryReleased, InventoryDepleted],
  errors: inventoryErrors,
  auditActions: ['stock.counted', 'stock.adjusted'],
});
