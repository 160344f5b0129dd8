import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import type {
  Inventory,
  ReleaseRequest,
  ReleaseResponse,
  ReserveRequest,
  ReserveResponse,
} from '#contracts/inventory';
import { Id } from '@fissile/kit/http';
import { ReservationService } from '../reservation.service.js';

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
  constructor(private readonly reservations: ReservationService) {}

  async reserve(request: ReserveRequest): Promise<ReserveResponse> {
    const parsed = Reservation.safeParse(request);
    if (!parsed.success) throw ContextError.of('validation_failed', z.prettifyError(parsed.error));
    await this.reservations.reserve(parsed.data.orderId, parsed.data.lines);
    return {};
  }

  async release({ orderId }: ReleaseRequest): Promise<ReleaseResponse> {
    if (!Id.safeParse(orderId).success)
      throw ContextError.of('validation_failed', 'orderId: expected a UUID');
    await this.reservations.release(orderId);
    return {};
  }
}
