import { serve } from '@fissile/kit/runtime';
import { product } from '#contracts';
import { GatewayModule } from './gateway.module.js';

await serve(product, GatewayModule);
