import { contract } from '../contract.js';
import { OrdersDefinition } from '../generated/orders/orders.js';

/** See orders.proto. */
export abstract class Orders extends contract(OrdersDefinition) {}

export { OrderStatus, type GetOrderRequest, type GetOrderResponse } from '../generated/orders/orders.js';
export { OrderCancelled, OrderConfirmed } from './orders.events.js';
