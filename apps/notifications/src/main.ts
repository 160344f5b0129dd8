import { serve } from '#libs/topology';
import { NotificationsModule } from './notifications.module.js';

await serve(NotificationsModule);
