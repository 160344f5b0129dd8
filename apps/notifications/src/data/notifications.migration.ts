import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotifications1763000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notifications (
        id         uuid           PRIMARY KEY,
        event_id   uuid           NOT NULL CONSTRAINT notifications_event_once UNIQUE,
        user_id    uuid           NOT NULL,
        order_id   uuid,
        type       text           NOT NULL,
        recipient  text           NOT NULL,
        subject    text           NOT NULL,
        body       text           NOT NULL,
        status     text           NOT NULL CHECK (status IN ('pending', 'sent')),
        attempts   integer        NOT NULL DEFAULT 0,
        due_at     timestamptz(3) NOT NULL DEFAULT now(),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX notifications_of_user ON notifications (user_id, id)');
    await runner.query(
      `CREATE INDEX notifications_pending ON notifications (due_at) WHERE status = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notifications');
  }
}

/** The trace context of the event that caused a notification, so that its delivery continues the same trace. */
export class AddNotificationOrigin1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications ADD COLUMN origin jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications DROP COLUMN origin');
  }
}

/** Notifications that a mail server permanently rejected are not retried. */
export class RefuseNotifications1766000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await allow(runner, ['pending', 'sent', 'refused']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE notifications SET status = 'pending' WHERE status = 'refused'`);
    await allow(runner, ['pending', 'sent']);
  }
}

/** Notifications to an address that nobody has verified are recorded, and not sent. */
export class WithholdNotifications1797000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await allow(runner, ['pending', 'sent', 'refused', 'withheld']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE notifications SET status = 'refused' WHERE status = 'withheld'`);
    await allow(runner, ['pending', 'sent', 'refused']);
  }
}

/** Notifications are deleted when they are old. May be created by hand before, CONCURRENTLY. */
export class IndexNotificationsByAge1797400000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX IF NOT EXISTS notifications_by_age ON notifications (created_at) WHERE status <> 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notifications_by_age');
  }
}

/** When a mail was sent. Those from before have no such time. */
export class DateSentNotifications1797400000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications ADD COLUMN IF NOT EXISTS sent_at timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications DROP COLUMN sent_at');
  }
}

/**
 * For the lists of the staff: by address, by order, and in any status but sent, which nearly all have. Each may be created by hand
 * before, CONCURRENTLY.
 */
export class IndexNotificationsForStaff1797400000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX IF NOT EXISTS notifications_by_recipient ON notifications (recipient, id)',
    );
    await runner.query(
      'CREATE INDEX IF NOT EXISTS notifications_by_order ON notifications (order_id, id) WHERE order_id IS NOT NULL',
    );
    await runner.query(
      `CREATE INDEX IF NOT EXISTS notifications_by_status ON notifications (status, id) WHERE status <> 'sent'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX notifications_by_recipient, notifications_by_order, notifications_by_status',
    );
  }
}

async function allow(runner: QueryRunner, states: readonly string[]): Promise<void> {
  const list = states.map((state) => `'${state}'`).join(', ');
  await runner.query(`
    ALTER TABLE notifications
      DROP CONSTRAINT notifications_status_check,
      ADD CONSTRAINT notifications_status_check CHECK (status IN (${list}))`);
}

/** The database of notifications. */
export const NOTIFICATIONS_MIGRATIONS = [
  CreateNotifications1763000000005,
  AddNotificationOrigin1764000000005,
  RefuseNotifications1766000000000,
  WithholdNotifications1797000000005,
  IndexNotificationsByAge1797400000005,
  DateSentNotifications1797400000006,
  IndexNotificationsForStaff1797400000007,
];
