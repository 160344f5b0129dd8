import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type AuditAction, ContextError } from '@fissile/kit/contract';
import { AuditLog } from '@fissile/kit/operations';
import { ProductsChanged } from '#contracts/products';
import { Database, type Transaction, violatesUnique } from '@fissile/kit/database';
import { checkVersion, type ExpectedVersions } from '@fissile/kit/http';
import { Outbox } from '@fissile/kit/messaging';
import { ProductRepository } from './data/product-repository.js';
import {
  changes,
  type Differences,
  differences,
  type Product,
  type ProductChange,
  type ProductContent,
} from './domain/product.js';

/** Changes the catalogue, and notifies the other contexts. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly database: Database,
    private readonly products: ProductRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError sku_taken */
  async add(content: ProductContent): Promise<Product> {
    const now = new Date();
    const product: Product = {
      ...content,
      id: uuidv7(),
      status: 'active',
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    try {
      await this.database.transaction(async (transaction) => {
        await this.products.insert(transaction, product);
        await this.publish(transaction, product);
        await this.record(transaction, 'product.added', product, differences({}, content));
      });
    } catch (error) {
      throw violatesUnique(error, 'products_sku_once') ? ContextError.of('sku_taken') : error;
    }
    return product;
  }

  /** @throws ContextError product_not_found, version_mismatch */
  async change(id: string, change: ProductChange, expected: ExpectedVersions): Promise<Product> {
    return this.database.transaction(async (transaction) => {
      const product = await this.products.lock(transaction, id);
      if (!product) throw ContextError.of('product_not_found');
      checkVersion(expected, product.version);
      if (!changes(product, change)) return product;
      const changed = { ...product, ...change, version: product.version + 1, updatedAt: new Date() };
      await this.products.update(transaction, changed);
      await this.publish(transaction, changed);
      await this.record(transaction, 'product.changed', changed, differences(product, change));
      return changed;
    });
  }

  private async record(
    transaction: Transaction,
    action: AuditAction,
    { id: subject }: Product,
    details: Differences,
  ): Promise<void> {
    await this.audit.record(transaction, { action, subject, details });
  }

  private async publish(transaction: Transaction, product: Product): Promise<void> {
    const { id, sku, name, priceMinor, currency, status } = product;
    const price = { amountMinor: priceMinor, currency };
    this.outbox.add(transaction, ProductsChanged, { productId: id, sku, name, price, status });
  }
}
