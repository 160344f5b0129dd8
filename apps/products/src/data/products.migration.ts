import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProducts1763000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE products (
        id          uuid           PRIMARY KEY,
        sku         text           NOT NULL CONSTRAINT products_sku_once UNIQUE,
        name        text           NOT NULL,
        description text,
        category    text,
        price_minor bigint         NOT NULL CHECK (price_minor BETWEEN 0 AND 1000000000),
        currency    char(3)        NOT NULL,
        status      text           NOT NULL CHECK (status IN ('active', 'discontinued')),
        version     integer        NOT NULL DEFAULT 1,
        created_at  timestamptz(3) NOT NULL DEFAULT now(),
        updated_at  timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX products_of_category ON products (category, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE products');
  }
}
