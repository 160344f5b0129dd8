import { GatewayModule } from '../../gateway/src/gateway.module.js';
import { InventoryModule } from '../../inventory/src/inventory.module.js';
import { NotificationsModule } from '../../notifications/src/notifications.module.js';
import { OrdersModule } from '../../orders/src/orders.module.js';
import { PaymentsModule } from '../../payments/src/payments.module.js';
import { ProductsModule } from '../../products/src/products.module.js';
import { UsersModule } from '../../users/src/users.module.js';
import { serve } from '#libs/topology';

await serve(
  GatewayModule,
  UsersModule,
  ProductsModule,
  InventoryModule,
  OrdersModule,
  PaymentsModule,
  NotificationsModule,
);
