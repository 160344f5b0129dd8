import { Injectable } from '@nestjs/common';
import { cutPage } from '@fissile/kit/http';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import { NotificationRepository } from './data/notification-repository.js';

const NOTIFICATIONS_PER_PAGE = 100;

/** What this context keeps of a person: what was written to them. */
@Injectable()
export class NotificationRecords extends PersonalRecords {
  constructor(private readonly notifications: NotificationRepository) {
    super();
  }

  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.notifications.list(
      { userId },
      { limit: NOTIFICATIONS_PER_PAGE + 1, cursor: olderThan },
    );
    const { items: notifications, next } = cutPage(found, NOTIFICATIONS_PER_PAGE, ({ id }) => id);
    return { records: { notifications }, nextCursor: next };
  }

  /** Also what is still to be sent: there is nobody at the address. */
  async forgetPerson(userId: string): Promise<void> {
    await this.notifications.deleteOf(userId);
  }
}
