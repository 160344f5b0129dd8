import { serve } from '#libs/topology';
import { UsersModule } from './users.module.js';

await serve(UsersModule);
