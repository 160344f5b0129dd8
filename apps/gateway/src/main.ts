import { serve } from '#libs/topology';
import { GatewayModule } from './gateway.module.js';

await serve(GatewayModule);
