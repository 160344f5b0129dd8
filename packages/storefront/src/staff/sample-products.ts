import { hasCode, type ShopApi } from '@fissile/client';

const CURRENCY = 'USD';
const UNITS = 250;

const PRODUCTS = [
  { sku: 'SAMPLE-01', name: 'Green tea', category: 'Tea', description: 'A tin of 100 g', price: 1_250 },
  { sku: 'SAMPLE-02', name: 'Smoked tea', category: 'Tea', description: 'A tin of 100 g', price: 1_490 },
  { sku: 'SAMPLE-03', name: 'Coffee beans', category: 'Coffee', description: '500 g, whole', price: 1_690 },
  { sku: 'SAMPLE-04', name: 'Teapot', category: 'Ware', description: 'Cast iron, 0.8 l', price: 8_900 },
  { sku: 'SAMPLE-05', name: 'Two cups', category: 'Ware', description: 'Stoneware', price: 2_400 },
  { sku: 'SAMPLE-06', name: 'Shortbread', category: 'Biscuits', description: 'A box of 200 g', price: 650 },
];

/** Adds products and stock to an empty shop. Existing products stay as they are. */
export async function addSampleProducts(shop: ShopApi): Promise<void> {
  for (const { price, ...about } of PRODUCTS) {
    try {
      const body = { ...about, price: { amountMinor: price, currency: CURRENCY } };
      const { id } = await shop.post('/api/products', { body });
      await shop.put('/api/inventory/{productId}', {
        params: { path: { productId: id } },
        body: { onHand: UNITS },
      });
    } catch (error) {
      if (!hasCode(error, 'sku_taken')) throw error;
    }
  }
}
