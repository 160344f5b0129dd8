import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { Database, DatabaseModule } from '@fissile/kit/database';
import { MailTransport } from '@fissile/kit/mail';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { MailsController } from './api/mails.controller.js';
import { NotificationsController } from './api/notifications.controller.js';
import { NotificationEntity } from './data/notification.entity.js';
import {
  NotificationRepository,
  OldNotifications,
  oldNotifications,
} from './data/notification-repository.js';
import { NOTIFICATIONS_MIGRATIONS } from './data/notifications.migration.js';
import { Delivery } from './delivery.js';
import { deliveryMetricProviders } from './delivery-metrics.js';
import { Mailer } from './mailer.js';
import { NotificationRecords } from './notification-records.js';
import { NotificationsSettings } from './notifications.settings.js';
import { Notifier } from './notifier.js';

const database = DatabaseModule.forContext('notifications', {
  entities: [NotificationEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...NOTIFICATIONS_MIGRATIONS],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [
    database,
    messaging,
    audit,
    OperationsModule.forContext('notifications', { database, messaging, audit }),
  ],
  controllers: [NotificationsController, MailsController],
  providers: [
    NotificationRepository,
    { provide: OldNotifications, inject: [Database, NotificationsSettings], useFactory: oldNotifications },
    MailTransport,
    Mailer,
    ...deliveryMetricProviders,
    Delivery,
    Notifier,
    NotificationRecords,
    keepsPersonalData('notifications', NotificationRecords),
  ],
})
export class NotificationsModule {
  static readonly context = 'notifications';
}
