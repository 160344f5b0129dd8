import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  AdminOnly,
  Public,
  ApiProblems,
  type ExpectedVersions,
  Id,
  IfMatch,
  type Page,
  pageOf,
  readCursor,
  setEntityTag,
  toPage,
} from '@fissile/kit/http';
import { ContextError } from '@fissile/kit/contract';
import { CatalogueService } from '../catalogue.service.js';
import { ProductRepository } from '../data/product-repository.js';
import type { ProductChange } from '../domain/product.js';
import {
  NewProductBody,
  ProductChangeBody,
  ProductResource,
  ProductsQuery,
  toResource,
} from './product.resource.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag that was read; another version is a 412',
};

/** A gateway in front of this process may serve it from its cache. */
const WHILE_AWAY = {
  'X-Fissile-Stale': {
    description: '`true` when products is down and this is its last response; prices may have changed',
    schema: { type: 'string' },
  },
  Age: { description: 'With it, how many seconds ago that was', schema: { type: 'integer' } },
};

@ApiTags('Products')
@Controller('api/products')
export class ProductsController {
  constructor(
    private readonly products: ProductRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Browse the catalogue, newest first' })
  @ApiResponse({
    status: 200,
    description: 'A page of products',
    headers: WHILE_AWAY,
    standardSchema: pageOf(ProductResource),
  })
  @ApiProblems('validation_failed')
  async list(
    @Query({ schema: ProductsQuery }) query: z.output<typeof ProductsQuery>,
  ): Promise<Page<ProductResource>> {
    const { q, category, status, limit, cursor } = query;
    const products = await this.products.list(
      { text: q, category, status: status === 'all' ? undefined : status, olderThan: readCursor(cursor, Id) },
      limit + 1,
    );
    return toPage(products.map(toResource), limit, (product) => product.id);
  }

  @Get(':id')
  @Public()
  @ApiOperation({ summary: 'Read a product' })
  @ApiResponse({
    status: 200,
    description: 'The product',
    headers: WHILE_AWAY,
    standardSchema: ProductResource,
  })
  @ApiProblems('validation_failed', 'product_not_found')
  async read(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductResource> {
    const product = await this.products.find(id);
    if (!product) throw ContextError.of('product_not_found');
    setEntityTag(reply, product.version);
    return toResource(product);
  }

  @Post()
  @AdminOnly()
  @ApiOperation({ summary: 'Add a product' })
  @ApiResponse({ status: 201, description: 'The new product', standardSchema: ProductResource })
  @ApiProblems('validation_failed', 'sku_taken')
  async add(
    @Body({ schema: NewProductBody }) body: z.output<typeof NewProductBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductResource> {
    const { sku, name, description = null, category = null, price } = body;
    const content = {
      sku,
      name,
      description,
      category,
      priceMinor: price.amountMinor,
      currency: price.currency,
    };
    const product = await this.catalogue.add(content);
    setEntityTag(reply, product.version);
    void reply.header('Location', `/api/products/${product.id}`);
    return toResource(product);
  }

  @Patch(':id')
  @AdminOnly()
  @ApiOperation({
    summary: 'Change a product',
    description: 'Orders that exist keep the price that they were made with.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'The product as it is now', standardSchema: ProductResource })
  @ApiProblems('validation_failed', 'product_not_found', 'version_mismatch')
  async change(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ProductChangeBody }) body: z.output<typeof ProductChangeBody>,
    @IfMatch() expected: ExpectedVersions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductResource> {
    const product = await this.catalogue.change(id, toChange(body), expected);
    setEntityTag(reply, product.version);
    return toResource(product);
  }

  @Delete(':id')
  @HttpCode(204)
  @AdminOnly()
  @ApiOperation({
    summary: 'Discontinue a product',
    description: 'It stays readable, and cannot be ordered any more.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 204, description: 'It is discontinued' })
  @ApiProblems('validation_failed', 'product_not_found', 'version_mismatch')
  async discontinue(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<void> {
    await this.catalogue.change(id, { status: 'discontinued' }, expected);
  }
}

function toChange({ price, ...fields }: z.output<typeof ProductChangeBody>): ProductChange {
  const given = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as ProductChange;
  return price ? { ...given, priceMinor: price.amountMinor, currency: price.currency } : given;
}
