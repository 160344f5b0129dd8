import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { NotificationsModule } from './notifications.module.js';

await serve(shop, NotificationsModule);
