import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBilling0000000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "billing" (
        id           uuid           PRIMARY KEY,
        user_id      uuid           NOT NULL,
        note         text           NOT NULL,
        amount_minor int            NOT NULL,
        status       text           NOT NULL,
        created_at   timestamptz(3) NOT NULL
      )`);
    await runner.query('CREATE INDEX billing_of_user ON "billing" (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "billing"');
  }
}
