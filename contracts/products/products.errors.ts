import { refused } from '@fissile/kit/contract';

export const productErrors = {
  product_not_found: refused(404, 'There is no such product', 'No product has this id'),
  sku_taken: refused(
    409,
    'The sku belongs to a product already',
    'Use another sku, or change the product that has it',
  ),
  product_unavailable: refused(
    422,
    'A product is unknown or discontinued',
    '`details.productId` names it; take it out of the order',
  ),
} as const;
