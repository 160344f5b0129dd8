import { Injectable } from '@nestjs/common';
import { BatchedReads, Database, type Transaction } from '@fissile/kit/database';
import type { Product, ProductStatus } from '../domain/product.js';
import { ProductEntity } from './product.entity.js';

/** Every order reads its products, so this is one plain statement. */
const FOR_SALE = `
  SELECT id, sku, name, price_minor AS "priceMinor", currency, status FROM products WHERE id = ANY($1::uuid[])`;

export type ProductForSale = Pick<Product, 'id' | 'sku' | 'name' | 'priceMinor' | 'currency' | 'status'>;

export interface ProductFilter {
  /** Part of the name or the sku, case-insensitive. */
  readonly text?: string | undefined;
  readonly category?: string | undefined;
  readonly status?: ProductStatus | undefined;
  readonly olderThan?: string | undefined;
}

@Injectable()
export class ProductRepository {
  private readonly sold = new BatchedReads<readonly string[], ProductForSale[]>((carts) =>
    this.readForSale(carts),
  );

  constructor(private readonly database: Database) {}

  /** Returns those that exist, in any order. */
  forSale(ids: readonly string[]): Promise<ProductForSale[]> {
    return this.sold.get(ids);
  }

  private async readForSale(carts: readonly (readonly string[])[]): Promise<ProductForSale[][]> {
    const rows = await this.database.query<ProductForSale>(FOR_SALE, [[...new Set(carts.flat())]]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return carts.map((ids) => ids.flatMap((id) => byId.get(id.toLowerCase()) ?? []));
  }

  async find(id: string): Promise<Product | undefined> {
    return (await this.database.repository(ProductEntity).findOneBy({ id })) ?? undefined;
  }

  /** Newest first. */
  list({ text, category, status, olderThan }: ProductFilter, limit: number): Promise<Product[]> {
    const query = this.database.repository(ProductEntity).createQueryBuilder('product');
    if (text)
      query.andWhere('(product.name ILIKE :text OR product.sku ILIKE :text)', { text: containing(text) });
    if (category) query.andWhere('product.category = :category', { category });
    if (status) query.andWhere('product.status = :status', { status });
    if (olderThan) query.andWhere('product.id < :olderThan', { olderThan });
    return query.orderBy('product.id', 'DESC').limit(limit).getMany();
  }

  async insert(transaction: Transaction, product: Product): Promise<void> {
    await transaction.repository(ProductEntity).insert(product);
  }

  /** Reads a product that is about to change, and locks it until the transaction ends. */
  async lock(transaction: Transaction, id: string): Promise<Product | undefined> {
    const repository = transaction.repository(ProductEntity);
    return (await repository.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } })) ?? undefined;
  }

  async update(transaction: Transaction, product: Product): Promise<void> {
    await transaction.repository(ProductEntity).update({ id: product.id }, product);
  }
}

/** The LIKE pattern for text that contains this, with special characters escaped. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
