export type ProductStatus = 'active' | 'discontinued';

export interface ProductContent {
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly priceMinor: number;
  readonly currency: string;
}

export interface Product extends ProductContent {
  readonly id: string;
  readonly status: ProductStatus;
  /** Incremented by each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type ProductChange = Partial<Omit<ProductContent, 'sku'>> & { readonly status?: ProductStatus };

/** Whether the change would have an effect. */
export function changes(product: Product, change: ProductChange): boolean {
  return Object.entries(change).some(([field, value]) => product[field as keyof Product] !== value);
}

export type Differences = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** The fields that a change modifies, with their values. */
export function differences(before: Partial<Product>, change: ProductChange): Differences {
  const changed = Object.entries(change).filter(([field, to]) => before[field as keyof Product] !== to);
  return Object.fromEntries(
    changed.map(([field, to]) => [field, { from: before[field as keyof Product] ?? null, to }]),
  );
}
