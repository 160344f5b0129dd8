export { Currency, MAX_PRICE_MINOR, MAX_TOTAL_MINOR, Money } from './money.schema.js';
