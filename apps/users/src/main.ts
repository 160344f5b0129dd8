import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { UsersModule } from './users.module.js';

await serve(shop, UsersModule);
