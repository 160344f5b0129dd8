import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { OrdersModule } from './orders.module.js';

await serve(shop, OrdersModule);
