import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { NotificationsModule } from './notifications.module.js';

await serve(shop, NotificationsModule);
