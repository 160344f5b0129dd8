import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type AuditAction, ContextError } from '@fissile/kit/contract';
import { AuditLog } from '@fissile/kit/operations';
import { Products } from '#contracts/products';
import { Database, type Transaction } from '@fissile/kit/database';
import { checkVersion, type ExpectedVersions } from '@fissile/kit/http';
import type { StockEntity } from './data/stock.entity.js';
import { type Adjustment, StockRepository } from './data/stock-repository.js';
import { changeOnHand } from './domain/stock.js';

/** Reads and corrects the stock of each product. */
@Injectable()
export class StockService {
  constructor(
    private readonly database: Database,
    private readonly stock: StockRepository,
    private readonly products: Products,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError product_not_found */
  async read(productId: string): Promise<StockEntity> {
    const found = await this.stock.find(productId);
    if (found) return found;
    await this.checkProduct(productId);
    return { productId, onHand: 0, reserved: 0, version: 0 };
  }

  /** @throws ContextError product_not_found, version_mismatch, stock_below_reserved */
  async count(productId: string, onHand: number, expected: ExpectedVersions): Promise<StockEntity> {
    await this.checkKnown(productId);
    return this.database.transaction(async (transaction) => {
      const stock = await this.stock.lock(transaction, productId);
      checkVersion(expected, stock.version);
      const { changed } = await this.apply(transaction, stock, onHand, 'stock count');
      await this.record(transaction, 'stock.counted', stock, changed);
      return changed;
    });
  }

  /** @throws ContextError product_not_found, stock_below_reserved, stock_limit_exceeded */
  async adjust(
    productId: string,
    delta: number,
    reason: string,
  ): Promise<{ changed: StockEntity; adjustment: Adjustment }> {
    await this.checkKnown(productId);
    return this.database.transaction(async (transaction) => {
      const stock = await this.stock.lock(transaction, productId);
      const applied = await this.apply(transaction, stock, stock.onHand + delta, reason);
      await this.record(transaction, 'stock.adjusted', stock, applied.changed);
      return applied;
    });
  }

  private async record(
    transaction: Transaction,
    action: AuditAction,
    before: StockEntity,
    after: StockEntity,
  ): Promise<void> {
    const details = { from: before.onHand, to: after.onHand };
    await this.audit.record(transaction, { action, subject: after.productId, details });
  }

  private async apply(
    transaction: Transaction,
    stock: StockEntity,
    onHand: number,
    reason: string,
  ): Promise<{ changed: StockEntity; adjustment: Adjustment }> {
    const change = changeOnHand(stock, onHand);
    if (!change.ok) throw ContextError.of(change.code);
    const changed = { ...stock, onHand: change.onHand, version: stock.version + 1 };
    const { productId } = stock;
    const adjustment = {
      id: uuidv7(),
      productId,
      delta: onHand - stock.onHand,
      reason,
      createdAt: new Date(),
    };
    await this.stock.setOnHand(transaction, changed);
    await this.stock.recordAdjustments(transaction, [adjustment]);
    return { changed, adjustment };
  }

  private async checkKnown(productId: string): Promise<void> {
    if (!(await this.stock.find(productId))) await this.checkProduct(productId);
  }

  private async checkProduct(productId: string): Promise<void> {
    const { products } = await this.products.getProducts({ productIds: [productId] });
    if (products.length === 0) throw ContextError.of('product_not_found');
  }
}
