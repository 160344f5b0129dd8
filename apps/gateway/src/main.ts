import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { GatewayModule } from './gateway.module.js';

await serve(shop, GatewayModule);
