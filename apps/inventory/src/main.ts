import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { InventoryModule } from './inventory.module.js';

await serve(shop, InventoryModule);
