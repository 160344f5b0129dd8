import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAppointments0000000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // For = on uuid in an exclusion constraint.
    await runner.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
    await runner.query(`
      CREATE TABLE "appointments" (
        id         uuid           PRIMARY KEY,
        user_id    uuid           NOT NULL,
        doctor_id  uuid           NOT NULL,
        starts_at  timestamptz(3) NOT NULL,
        ends_at    timestamptz(3) NOT NULL,
        note       text           NOT NULL,
        status     text           NOT NULL,
        reason     text,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT no_doctor_is_booked_twice EXCLUDE USING gist
          (doctor_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (status <> 'cancelled')
      )`);
    await runner.query('CREATE INDEX appointments_of_user ON "appointments" (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "appointments"');
  }
}
