import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSchool1720000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE course (
        id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        title      text    NOT NULL,
        fee        integer NOT NULL CHECK (fee >= 0),
        seats_left integer NOT NULL CHECK (seats_left >= 0)
      )`);
    await runner.query(`
      CREATE TABLE enrolment (
        id        uuid    PRIMARY KEY,
        course_id integer NOT NULL REFERENCES course,
        student   text    NOT NULL,
        status    text    NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE invoice (
        id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        enrolment_id uuid    NOT NULL UNIQUE,
        student      text    NOT NULL,
        amount       bigint  NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE letter (
        id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        student text    NOT NULL,
        text    text    NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE letter, invoice, enrolment, course');
  }
}
