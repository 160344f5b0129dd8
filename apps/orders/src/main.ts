import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { OrdersModule } from './orders.module.js';

await serve(shop, OrdersModule);
