import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Product, ProductStatus } from '../domain/product.js';

@Entity('products')
export class ProductEntity implements Product {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  sku!: string;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('text', { nullable: true })
  category!: string | null;

  @Column('bigint', { name: 'price_minor' })
  priceMinor!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('text')
  status!: ProductStatus;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
