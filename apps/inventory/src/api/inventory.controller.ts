import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CurrentUser, isAdmin } from '@fissile/kit/auth';
import {
  AdminOnly,
  Public,
  SignedIn,
  ApiProblems,
  type ExpectedVersions,
  Id,
  IfMatch,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  setEntityTag,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { StockRepository } from '../data/stock-repository.js';
import { available } from '../domain/stock.js';
import { StockService } from '../stock.service.js';
import {
  AdjustmentBody,
  AdjustmentResource,
  AvailabilityQuery,
  AvailabilityResource,
  ProductStockResource,
  StockCountBody,
  StockResource,
  toAdjustmentResource,
  toResource,
} from './inventory.resource.js';

@ApiTags('Inventory')
@Controller('api/inventory')
export class InventoryController {
  constructor(
    private readonly service: StockService,
    private readonly stock: StockRepository,
  ) {}

  @Get()
  @AdminOnly()
  @ApiOperation({ summary: 'List the stock of all products, by product id' })
  @ApiResponse({ status: 200, description: 'A page of stock', standardSchema: pageOf(StockResource) })
  @ApiProblems('validation_failed')
  async list(
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<z.output<typeof StockResource>>> {
    const rows = await this.stock.list(limit + 1, readCursor(cursor, Id));
    return toPage(rows.map(toResource), limit, ({ productId }) => productId);
  }

  @Get('availability')
  @Public()
  @ApiOperation({ summary: 'Read how many units of products can be ordered' })
  @ApiResponse({
    status: 200,
    description: 'The products in the order they were asked for; one that is not known has none',
    standardSchema: AvailabilityResource,
  })
  @ApiProblems('validation_failed')
  async availability(
    @Query({ schema: AvailabilityQuery }) { productIds }: z.output<typeof AvailabilityQuery>,
  ): Promise<z.output<typeof AvailabilityResource>> {
    const stock = await this.stock.findEach(productIds);
    return {
      items: productIds.map((productId) => {
        const found = stock.get(productId);
        return { productId, available: found ? available(found) : 0 };
      }),
    };
  }

  @Get(':productId')
  @SignedIn()
  @ApiOperation({ summary: 'Read the stock of a product' })
  @ApiResponse({ status: 200, description: 'The stock', standardSchema: ProductStockResource })
  @ApiProblems('validation_failed', 'product_not_found')
  async read(
    @Param('productId', { schema: Id }) productId: string,
    @CurrentUser() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof ProductStockResource>> {
    const stock = await this.service.read(productId);
    if (!isAdmin(caller)) return { productId: stock.productId, available: available(stock) };
    setEntityTag(reply, stock.version);
    return toResource(stock);
  }

  @Put(':productId')
  @AdminOnly()
  @ApiOperation({ summary: 'Set how many units are there' })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag that was read; another version is a 412',
  })
  @ApiResponse({ status: 200, description: 'The stock as it is now', standardSchema: StockResource })
  @ApiProblems('validation_failed', 'product_not_found', 'version_mismatch', 'stock_below_reserved')
  async count(
    @Param('productId', { schema: Id }) productId: string,
    @Body({ schema: StockCountBody }) body: z.output<typeof StockCountBody>,
    @IfMatch() expected: ExpectedVersions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof StockResource>> {
    const stock = await this.service.count(productId, body.onHand, expected);
    setEntityTag(reply, stock.version);
    return toResource(stock);
  }

  @Post(':productId/adjustments')
  @AdminOnly()
  @ApiOperation({ summary: 'Add or remove units' })
  @ApiResponse({ status: 201, description: 'The adjustment', standardSchema: AdjustmentResource })
  @ApiProblems('validation_failed', 'product_not_found', 'stock_below_reserved', 'stock_limit_exceeded')
  async adjust(
    @Param('productId', { schema: Id }) productId: string,
    @Body({ schema: AdjustmentBody }) body: z.output<typeof AdjustmentBody>,
  ): Promise<z.output<typeof AdjustmentResource>> {
    const { changed, adjustment } = await this.service.adjust(productId, body.delta, body.reason);
    return toAdjustmentResource(adjustment, changed);
  }
}
