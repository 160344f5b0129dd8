import { serve } from '#libs/topology';
import { ProductsModule } from './products.module.js';

await serve(ProductsModule);
