import { contract } from '../contract.js';
import { InventoryDefinition } from '../generated/inventory/inventory.js';

/** See inventory.proto. */
export abstract class Inventory extends contract(InventoryDefinition) {}

export type { ReleaseRequest, ReleaseResponse, ReservationLine } from '../generated/inventory/inventory.js';
export type { ReserveRequest, ReserveResponse } from '../generated/inventory/inventory.js';
export { InventoryDepleted, InventoryReleased, InventoryReserved } from './inventory.events.js';
