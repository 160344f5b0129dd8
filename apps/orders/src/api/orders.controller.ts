import { applyDecorators, Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { amountHasCurrency, amountQuery } from '#contracts/money';
import { CurrentUser, isAdmin, ownerFilter } from '@fissile/kit/auth';
import {
  AdminOnly,
  SignedIn,
  ApiProblems,
  Id,
  IdempotencyKey,
  inOrderOfTime,
  madeQuery,
  type Page,
  pageOf,
  pageQuery,
  readCursor,
  sortQuery,
  toPage,
} from '@fissile/kit/http';
import { ContextError } from '@fissile/kit/contract';
import { Sagas } from '@fissile/kit/saga';
import type { Caller } from '@fissile/kit/request';
import { AwaitedActions } from '../awaited-action.js';
import { CancelOrderService } from '../cancel-order.service.js';
import { OrderRepository } from '../data/order-repository.js';
import { type Order, ORDER_STATUSES } from '../domain/order.js';
import { PlaceOrderService } from '../place-order.service.js';
import { ShipOrderService } from '../ship-order.service.js';
import { OrderResource, PlaceOrderBody, TimelineResource, toResource } from './order.resource.js';
import { toTimeline } from './timeline.js';

/** A circuit breaker allows a trial call every few seconds, so nothing changes before that. */
const LOOK_AGAIN_AFTER_S = 5;

const OrdersQuery = z
  .strictObject({
    ...pageQuery,
    ...madeQuery,
    ...sortQuery,
    ...amountQuery,
    id: Id.optional(),
    userId: Id.optional().meta({
      description: 'Of this customer: for admins, since everyone else sees their own',
    }),
    status: z.enum(ORDER_STATUSES).optional(),
  })
  .refine(...inOrderOfTime)
  .refine(...amountHasCurrency);

/** The two responses to an order: it has ended, or its placement is still running. */
const PlacedOrPending = () =>
  applyDecorators(
    ApiResponse({
      status: 201,
      description: 'The order is confirmed, or cancelled with a reason',
      standardSchema: OrderResource,
    }),
    ApiResponse({
      status: 202,
      description:
        'The order is still being placed; see Location. When its payment waits for you, `payment.action` says what to do. While payments or inventory is down, this is the answer at once, ' +
        'and the order is placed as soon as it is back; otherwise it is the answer after five seconds',
      headers: {
        'X-Fissile-Fallback': {
          description:
            '`payments-unavailable` or `inventory-unavailable` when the order waits for that to come back',
          schema: { type: 'string' },
        },
        'Retry-After': {
          description: 'With it, the seconds after which it makes sense to look at Location',
          schema: { type: 'integer' },
        },
      },
      standardSchema: OrderResource,
    }),
  );

@ApiTags('Orders')
@SignedIn()
@Controller('api/orders')
export class OrdersController {
  constructor(
    private readonly placing: PlaceOrderService,
    private readonly cancelling: CancelOrderService,
    private readonly shipping: ShipOrderService,
    private readonly orders: OrderRepository,
    private readonly sagas: Sagas,
    private readonly actions: AwaitedActions,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Place an order',
    description:
      "Prices are the catalogue's. A refused payment or missing stock gives an order that is cancelled, with the reason.",
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes it safe to send the request again',
  })
  @PlacedOrPending()
  @ApiProblems('validation_failed', 'malformed_request', 'payload_too_large', 'unsupported_media_type')
  @ApiProblems('product_unavailable', 'currency_mismatch', 'order_total_too_large', 'idempotency_key_reused')
  @ApiProblems('orders_paused')
  async place(
    @CurrentUser() caller: Caller,
    @Body({ schema: PlaceOrderBody }) body: z.output<typeof PlaceOrderBody>,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderResource> {
    const { order, ended, awaits } = await this.placing.place(caller.userId, body, key);
    void reply
      .status(ended ? HttpStatus.CREATED : HttpStatus.ACCEPTED)
      .header('Location', `/api/orders/${order.id}`);
    if (awaits) {
      void reply
        .header('X-Fissile-Fallback', `${awaits}-unavailable`)
        .header('Retry-After', LOOK_AGAIN_AFTER_S);
    }
    return ended ? toResource(order) : this.pendingResource(order, caller);
  }

  @Get()
  @ApiOperation({ summary: 'List orders, newest first', description: 'Yours; an admin sees all.' })
  @ApiResponse({ status: 200, description: 'A page of orders', standardSchema: pageOf(OrderResource) })
  @ApiProblems('validation_failed', 'forbidden')
  async list(
    @CurrentUser() caller: Caller,
    @Query({ schema: OrdersQuery }) query: z.output<typeof OrdersQuery>,
  ): Promise<Page<OrderResource>> {
    const { limit, cursor, sort, ...filter } = query;
    const orders = await this.orders.list(
      { ...filter, userId: ownerFilter(caller, filter.userId) },
      { limit: limit + 1, cursor: readCursor(cursor, Id), oldestFirst: sort === 'oldest' },
    );
    return toPage(
      orders.map((order) => toResource(order)),
      limit,
      (order) => order.id,
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an order' })
  @ApiResponse({ status: 200, description: 'The order', standardSchema: OrderResource })
  @ApiProblems('validation_failed', 'order_not_found')
  async read(@CurrentUser() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<OrderResource> {
    return this.pendingResource(await this.find(id, caller), caller);
  }

  @Get(':id/timeline')
  @ApiOperation({ summary: 'Read what happened to an order, step by step' })
  @ApiResponse({
    status: 200,
    description: 'The steps in the order of their start',
    standardSchema: TimelineResource,
  })
  @ApiProblems('validation_failed', 'order_not_found')
  async timeline(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
  ): Promise<z.output<typeof TimelineResource>> {
    const order = await this.find(id, caller);
    const timeline = toTimeline(order.id, await this.sagas.bySubject(order.id));
    if (!timeline) throw ContextError.of('order_not_found');
    return timeline;
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Cancel an order', description: 'Releases the stock and refunds the payment.' })
  @ApiResponse({ status: 200, description: 'The order is cancelled already', standardSchema: OrderResource })
  @ApiResponse({
    status: 202,
    description: 'The cancellation has begun; see Location',
    standardSchema: OrderResource,
  })
  @ApiProblems('validation_failed', 'order_not_found', 'order_not_cancellable')
  async cancel(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderResource> {
    return answer(reply, await this.cancelling.cancel(await this.find(id, caller)), 'cancelled');
  }

  @Post(':id/ship')
  @AdminOnly()
  @ApiOperation({
    summary: 'Ship a confirmed order',
    description: 'Takes its units off the stock. The same request again changes nothing.',
  })
  @ApiResponse({ status: 200, description: 'The order is shipped', standardSchema: OrderResource })
  @ApiResponse({
    status: 202,
    description: 'The stock is still being updated; see Location',
    standardSchema: OrderResource,
  })
  @ApiProblems('validation_failed', 'order_not_found', 'order_not_shippable')
  async ship(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderResource> {
    return answer(reply, await this.shipping.ship(await this.find(id, caller)), 'shipped');
  }

  @Post(':id/return')
  @AdminOnly()
  @ApiOperation({
    summary: 'Take a shipped order back',
    description:
      'Refunds the payment and puts the goods back on hand. The same request again changes nothing.',
  })
  @ApiResponse({ status: 200, description: 'The order is returned', standardSchema: OrderResource })
  @ApiResponse({
    status: 202,
    description: 'The return has begun; see Location',
    standardSchema: OrderResource,
  })
  @ApiProblems('validation_failed', 'order_not_found', 'order_not_returnable')
  async takeBack(
    @CurrentUser() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderResource> {
    return answer(reply, await this.shipping.takeBack(await this.find(id, caller)), 'returned');
  }

  /** With what its owner must do, if it waits for that. */
  private async pendingResource(order: Order, { userId }: Caller): Promise<OrderResource> {
    return toResource(order, order.userId === userId ? await this.actions.find(order) : undefined);
  }

  /** To the caller, another user's order does not exist. */
  private async find(id: string, caller: Caller): Promise<Order> {
    const order = await this.orders.find(id);
    if (!order || (order.userId !== caller.userId && !isAdmin(caller)))
      throw ContextError.of('order_not_found');
    return order;
  }
}

/** 202 until the order has the status that was asked for. */
function answer(reply: FastifyReply, order: Order, wanted: Order['status']): OrderResource {
  void reply
    .status(order.status === wanted ? HttpStatus.OK : HttpStatus.ACCEPTED)
    .header('Location', `/api/orders/${order.id}`);
  return toResource(order);
}
