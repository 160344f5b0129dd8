import { refused } from '@fissile/kit/contract';

export const inventoryErrors = {
  stock_insufficient: refused(
    409,
    'There is not enough stock',
    '`details.productId` names the product; order fewer units, or wait until it is restocked',
  ),
  stock_below_reserved: refused(
    409,
    'The stock would fall below what is reserved',
    'Units that orders have reserved stay on hand until these are shipped or cancelled',
  ),
  stock_limit_exceeded: refused(409, 'The stock would exceed 1,000,000,000', 'Take fewer units on hand'),
  reservation_released: refused(
    409,
    'The reservation was released before',
    'A reservation that was given back is not reserved or shipped again; place a new order',
  ),
} as const;
