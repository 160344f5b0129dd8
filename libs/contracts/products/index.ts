import { contract } from '../contract.js';
import { ProductsDefinition } from '../generated/products/products.js';

/** See products.proto. */
export abstract class Products extends contract(ProductsDefinition) {}

export { ProductStatus } from '../generated/products/products.js';
export type {
  CatalogueProduct,
  GetProductsRequest,
  GetProductsResponse,
} from '../generated/products/products.js';
export { ProductsChanged } from './products.events.js';
