import { Injectable } from '@nestjs/common';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import { type GetOrderRequest, type GetOrderResponse, type Orders, OrderStatus } from '#contracts/orders';
import { OrderRepository } from '../data/order-repository.js';
import type { OrderStatus as Status } from '../domain/order.js';

const STATUS: Readonly<Record<Status, OrderStatus>> = {
  pending: OrderStatus.PENDING,
  confirmed: OrderStatus.CONFIRMED,
  cancelling: OrderStatus.CANCELLING,
  cancelled: OrderStatus.CANCELLED,
  shipping: OrderStatus.SHIPPING,
  shipped: OrderStatus.SHIPPED,
  returning: OrderStatus.RETURNING,
  returned: OrderStatus.RETURNED,
};

/** The contract that other contexts call. */
@Injectable()
export class OrdersHandler implements Implementation<typeof Orders> {
  constructor(private readonly orders: OrderRepository) {}

  async getOrder({ orderId }: GetOrderRequest): Promise<GetOrderResponse> {
    const order = await this.orders.find(orderId);
    if (!order) throw ContextError.of('order_not_found');
    const total = { amountMinor: order.totalMinor, currency: order.currency };
    return { orderId: order.id, userId: order.userId, status: STATUS[order.status], total };
  }
}
