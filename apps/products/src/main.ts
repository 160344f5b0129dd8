import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { ProductsModule } from './products.module.js';

await serve(shop, ProductsModule);
