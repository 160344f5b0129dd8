import { hasCode, type ShopClient } from '@fissile/client';

const CURRENCY = 'USD';
const UNITS = 250;

const GOODS = [
  { sku: 'SAMPLE-01', name: 'Green tea', category: 'Tea', description: 'A tin of 100 g', price: 1_250 },
  { sku: 'SAMPLE-02', name: 'Smoked tea', category: 'Tea', description: 'A tin of 100 g', price: 1_490 },
  { sku: 'SAMPLE-03', name: 'Coffee beans', category: 'Coffee', description: '500 g, whole', price: 1_690 },
  { sku: 'SAMPLE-04', name: 'Teapot', category: 'Ware', description: 'Cast iron, 0.8 l', price: 8_900 },
  { sku: 'SAMPLE-05', name: 'Two cups', category: 'Ware', description: 'Stoneware', price: 2_400 },
  { sku: 'SAMPLE-06', name: 'Shortbread', category: 'Biscuits', description: 'A box of 200 g', price: 650 },
];

/** Something to sell in a shop that has nothing yet. What is there already stays as it is. */
export async function stockSampleGoods(shop: ShopClient): Promise<void> {
  for (const { price, ...about } of GOODS) {
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
