import { Injectable } from '@nestjs/common';
import { ContextError, type EventEnvelope } from '@fissile/kit/contract';
import { InventoryDepleted, InventoryReleased, InventoryReserved } from '#contracts/inventory';
import { Batches, Database, type Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { isReservedBefore, ReservationRepository } from './data/reservation-repository.js';
import { type StockLine, sumByProduct } from './domain/stock.js';

interface Reservation {
  readonly orderId: string;
  readonly lines: readonly StockLine[];
  /** The event to publish when the stock is reserved. */
  readonly event: EventEnvelope;
}

/** Reserves stock for orders: all lines of an order or none, and exactly once, however often it is called. */
@Injectable()
export class ReservationService {
  private readonly batches = new Batches<Reservation, void>((orders) => this.write(orders));

  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ContextError stock_insufficient, reservation_released */
  async reserve(orderId: string, lines: readonly StockLine[]): Promise<void> {
    const event = this.outbox.prepare(InventoryReserved, { orderId, lines: [...lines] });
    try {
      await this.batches.add({ orderId, lines, event });
    } catch (error) {
      if (!isReservedBefore(error)) throw error;
      const status = await this.database.transaction((transaction) =>
        this.reservations.statusOf(transaction, orderId),
      );
      if (status === 'released') throw ContextError.of('reservation_released');
    }
  }

  /** The transaction fails when one of the orders already has a reservation, or stock is insufficient. */
  private async write(orders: readonly Reservation[]): Promise<void[]> {
    await this.database.transaction(async (transaction) => {
      this.reservations.insert(transaction, orders);
      this.outbox.addPrepared(
        transaction,
        orders.map(({ event }) => event),
      );
      await this.take(transaction, sumByProduct(orders.flatMap(({ lines }) => lines)));
    });
    return orders.map(() => undefined);
  }

  async release(orderId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      // A reservation that arrives after this finds the row, and is rejected.
      if (await this.reservations.insertReleased(transaction, orderId)) return;
      const lines = await this.reservations.release(transaction, orderId);
      if (!lines) return;
      await this.reservations.giveBackStock(transaction, lines);
      this.outbox.add(transaction, InventoryReleased, { orderId, lines });
    });
  }

  private async take(transaction: Transaction, lines: readonly StockLine[]): Promise<void> {
    const taken = await this.reservations.takeStock(transaction, lines);
    const missing = lines.find((line) => !taken.some(({ productId }) => productId === line.productId));
    if (missing) throw ContextError.of('stock_insufficient', undefined, { productId: missing.productId });
    for (const { productId, available } of taken) {
      if (available === 0) this.outbox.add(transaction, InventoryDepleted, { productId });
    }
  }
}
