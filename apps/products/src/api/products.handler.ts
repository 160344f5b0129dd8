import { Injectable } from '@nestjs/common';
import type { Implementation } from '@fissile/kit/contract';
import {
  type GetProductsRequest,
  type GetProductsResponse,
  type Products,
  ProductStatus as ContractStatus,
} from '#contracts/products';
import { Id } from '@fissile/kit/http';
import { ProductRepository } from '../data/product-repository.js';

/** The contract that other contexts call. */
@Injectable()
export class ProductsHandler implements Implementation<typeof Products> {
  constructor(private readonly products: ProductRepository) {}

  async getProducts({ productIds }: GetProductsRequest): Promise<GetProductsResponse> {
    const products = await this.products.forSale(productIds.filter((id) => Id.safeParse(id).success));
    return {
      products: products.map(({ id, sku, name, priceMinor, currency, status }) => ({
        id,
        sku,
        name,
        price: { amountMinor: priceMinor, currency },
        status: status === 'active' ? ContractStatus.ACTIVE : ContractStatus.DISCONTINUED,
      })),
    };
  }
}
