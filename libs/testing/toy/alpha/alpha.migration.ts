import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAlpha1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE runs (
        id     uuid  PRIMARY KEY,
        slots  jsonb NOT NULL,
        state  text  NOT NULL CHECK (state IN ('running', 'done', 'undone')),
        reason text
      )`);
    await runner.query(`
      CREATE TABLE notes (
        id         uuid           PRIMARY KEY,
        text       text           NOT NULL,
        kind       text           NOT NULL,
        written_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    // No primary key, so that an event that is handled twice shows up twice.
    await runner.query('CREATE TABLE heard (run_id uuid NOT NULL, slots jsonb NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE runs, notes, heard');
  }
}
