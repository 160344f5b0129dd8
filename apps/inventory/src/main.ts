import { serve } from '#libs/topology';
import { InventoryModule } from './inventory.module.js';

await serve(InventoryModule);
