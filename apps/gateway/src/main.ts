import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { GatewayModule } from './gateway.module.js';

await serve(shop, GatewayModule);
