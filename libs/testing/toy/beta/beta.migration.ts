import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBeta1790000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE slots (
        id       text    PRIMARY KEY,
        capacity integer NOT NULL,
        taken    integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND capacity)
      )`);
    await runner.query(`
      CREATE TABLE held (
        run_id uuid  PRIMARY KEY,
        state  text  NOT NULL CHECK (state IN ('held', 'released')),
        slots  jsonb NOT NULL
      )`);
    // No primary key, so that an event that is handled twice shows up twice.
    await runner.query('CREATE TABLE heard (run_id uuid NOT NULL, outcome text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE slots, held, heard');
  }
}
