import { type GetProductsRequest, type GetProductsResponse, ProductStatus } from '#contracts/products';

const IDS = ['0199c1a2-7d1e-7c44-9b1f-5d0f6a3c2e10', '0199c1a2-7d1e-7c44-9b1f-6a1b7c8d9e0f'];

/** The catalogue request of an order with two lines. */
export const REQUEST: GetProductsRequest = { productIds: IDS };

/** The catalogue's response. */
export const ANSWER: GetProductsResponse = {
  products: IDS.map((id, index) => ({
    id,
    sku: `SKU-${1_000 + index}`,
    name: `Espresso cup, stoneware, set of ${index + 2}`,
    price: { amountMinor: 2_490 + index, currency: 'EUR' },
    status: ProductStatus.ACTIVE,
  })),
};

/** @throws Error when the response differs: a broken competitor must not be measured */
export function checkAnswer(answer: unknown): void {
  const { products } = (answer ?? {}) as { products?: { id?: unknown }[] };
  const isWhole = products?.length === IDS.length && products.every(({ id }, index) => id === IDS[index]);
  if (!isWhole) throw new Error(`a call was answered with ${JSON.stringify(answer)}`);
}
