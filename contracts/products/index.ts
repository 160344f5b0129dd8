import { contract, defineContext } from '@fissile/kit/contract';
import { ProductsDefinition } from '../generated/products/products.js';
import { ProductsChanged } from './products.events.js';
import { productErrors } from './products.errors.js';

/** See products.proto. */
export abstract class Products extends contract(ProductsDefinition) {}

export { ProductStatus } from '../generated/products/products.js';
export type {
  CatalogueProduct,
  GetProductsRequest,
  GetProductsResponse,
} from '../generated/products/products.js';

export { ProductsChanged };

export const products = defineContext({
  name: 'products',
  description: 'The catalogue, which everyone may browse and admins change',
  contract: Products,
  callers: ['orders', 'inventory'],
  publishes: [ProductsChanged],
  errors: productErrors,
  auditActions: ['product.added', 'product.changed'],
});
