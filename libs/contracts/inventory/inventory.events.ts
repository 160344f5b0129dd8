import { z } from 'zod';
import { eventType } from '../event.js';

const lines = z.array(z.strictObject({ productId: z.uuid(), quantity: z.int().min(1) }));

export const InventoryReserved = eventType(
  'inventory.reserved.v1',
  z.strictObject({ orderId: z.uuid(), lines }),
  (data) => data.orderId,
);

export const InventoryReleased = eventType(
  'inventory.released.v1',
  z.strictObject({ orderId: z.uuid(), lines }),
  (data) => data.orderId,
);

/** Nothing of the product is available any more. */
export const InventoryDepleted = eventType(
  'inventory.depleted.v1',
  z.strictObject({ productId: z.uuid() }),
  (data) => data.productId,
);
