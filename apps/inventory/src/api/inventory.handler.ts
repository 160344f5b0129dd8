import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import type {
  Inventory,
  ReleaseRequest,
  ReleaseResponse,
  ReserveRequest,
  ReserveResponse,
  RestockRequest,
  RestockResponse,
  ShipRequest,
  ShipResponse,
} from '#contracts/inventory';
import { Id } from '@fissile/kit/http';
import { ReservationService } from '../reservation.service.js';
import { ShipmentService } from '../shipment.service.js';

const Reservation = z.object({
  orderId: Id,
  lines: z
    .array(z.object({ productId: Id, quantity: z.int().min(1).max(10_000) }))
    .min(1)
    .max(100)
    .refine(
      (lines) => new Set(lines.map((line) => line.productId)).size === lines.length,
      'one line a product',
    ),
});

/** The contract that other contexts call. */
@Injectable()
export class InventoryHandler implements Implementation<typeof Inventory> {
  constructor(
    private readonly reservations: ReservationService,
    private readonly shipments: ShipmentService,
  ) {}

  async reserve(request: ReserveRequest): Promise<ReserveResponse> {
    const parsed = Reservation.safeParse(request);
    if (!parsed.success) throw ContextError.of('validation_failed', z.prettifyError(parsed.error));
    await this.reservations.reserve(parsed.data.orderId, parsed.data.lines);
    return {};
  }

  async release({ orderId }: ReleaseRequest): Promise<ReleaseResponse> {
    checkId(orderId);
    await this.reservations.release(orderId);
    return {};
  }

  async ship({ orderId }: ShipRequest): Promise<ShipResponse> {
    checkId(orderId);
    await this.shipments.ship(orderId);
    return {};
  }

  async restock({ orderId }: RestockRequest): Promise<RestockResponse> {
    checkId(orderId);
    await this.shipments.restock(orderId);
    return {};
  }
}

function checkId(orderId: string): void {
  if (!Id.safeParse(orderId).success) throw ContextError.of('validation_failed', 'orderId: expected a UUID');
}
