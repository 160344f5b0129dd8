import { refused } from '@fissile/kit/contract';

export const inventoryErrors = {
  stock_insufficient: refused(409, 'There is not enough stock'),
  stock_below_reserved: refused(409, 'The stock would fall below what is reserved'),
  stock_limit_exceeded: refused(409, 'The stock would exceed 1,000,000,000'),
  reservation_released: refused(409, 'The reservation was released before'),
} as const;
