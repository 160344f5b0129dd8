import { refused } from '@fissile/kit/contract';

export const productErrors = {
  product_not_found: refused(404, 'There is no such product'),
  sku_taken: refused(409, 'The sku belongs to a product already'),
  product_unavailable: refused(422, 'A product is unknown or discontinued'),
} as const;
