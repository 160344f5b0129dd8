import { Injectable } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { ReservationRepository, type ReservationStatus } from './data/reservation-repository.js';
import { StockRepository } from './data/stock-repository.js';

/** Takes the reserved units of shipped orders off the stock, and puts them back: exactly once, however often called. */
@Injectable()
export class ShipmentService {
  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
    private readonly stock: StockRepository,
  ) {}

  async ship(orderId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const lines = await this.reservations.ship(transaction, orderId);
      if (!lines) {
        const status = await this.reservations.statusOf(transaction, orderId);
        return expectOneOf(orderId, status, ['shipped', 'returned']);
      }
      const moves = lines.map(({ productId, quantity }) => ({
        productId,
        onHand: -quantity,
        reserved: -quantity,
      }));
      await this.stock.move(transaction, moves, `order ${orderId} was shipped`);
    });
  }

  async restock(orderId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const lines = await this.reservations.restock(transaction, orderId);
      if (!lines) {
        const status = await this.reservations.statusOf(transaction, orderId);
        return expectOneOf(orderId, status, ['returned']);
      }
      const moves = lines.map(({ productId, quantity }) => ({ productId, onHand: quantity, reserved: 0 }));
      await this.stock.move(transaction, moves, `order ${orderId} was returned`);
    });
  }
}

/** Anything else is a fault of the data, such as databases restored to different times: nothing to decide, so not a refusal. */
function expectOneOf(
  orderId: string,
  status: ReservationStatus | undefined,
  expected: readonly ReservationStatus[],
): void {
  if (status !== undefined && expected.includes(status)) return;
  throw new Error(
    `The reservation of order ${orderId} is ${status ?? 'missing'}, expected ${expected.join(' or ')}`,
  );
}
