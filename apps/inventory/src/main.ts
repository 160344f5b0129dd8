import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { InventoryModule } from './inventory.module.js';

await serve(shop, InventoryModule);
