import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { UsersModule } from './users.module.js';

await serve(shop, UsersModule);
