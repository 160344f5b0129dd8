import { serve } from '#libs/topology';
import { OrdersModule } from './orders.module.js';

await serve(OrdersModule);
