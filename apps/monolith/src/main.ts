import { serveChosen } from '@fissile/kit/runtime';
import { shop } from '#contracts';

await serveChosen(shop, {
  gateway: () => import('../../gateway/src/gateway.module.js'),
  users: () => import('../../users/src/users.module.js'),
  products: () => import('../../products/src/products.module.js'),
  inventory: () => import('../../inventory/src/inventory.module.js'),
  orders: () => import('../../orders/src/orders.module.js'),
  payments: () => import('../../payments/src/payments.module.js'),
  notifications: () => import('../../notifications/src/notifications.module.js'),
});
