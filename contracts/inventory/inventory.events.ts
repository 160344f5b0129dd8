import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

const lines = z.array(z.object({ productId: z.uuid(), quantity: z.int().min(1) }));

export const InventoryReserved = eventType(
  'inventory.reserved.v1',
  z.object({ orderId: z.uuid(), lines }).describe('The stock for all lines of an order is reserved.'),
  (data) => data.orderId,
);

export const InventoryReleased = eventType(
  'inventory.released.v1',
  z.object({ orderId: z.uuid(), lines }).describe('The reserved stock of an order is released.'),
  (data) => data.orderId,
);

export const InventoryDepleted = eventType(
  'inventory.depleted.v1',
  z.object({ productId: z.uuid() }).describe('Nothing of a product is available any more.'),
  (data) => data.productId,
);
