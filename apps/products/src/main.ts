import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { ProductsModule } from './products.module.js';

await serve(shop, ProductsModule);
