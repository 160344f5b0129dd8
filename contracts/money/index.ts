export {
  type AmountFilter,
  amountHasCurrency,
  amountQuery,
  Currency,
  MAX_PRICE_MINOR,
  MAX_TOTAL_MINOR,
  Money,
} from './money.schema.js';
