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

/** For lists of discontinued products, which may be few. */
export class IndexProductsByStatus1765000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX products_by_status ON products (status, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX products_by_status');
  }
}

/**
 * The index for searches by a part of a name or sku. Where PostgreSQL comes without pg_trgm, or its user may not
 * create the extension, a search scans the catalogue instead.
 */
export class IndexProductsByText1765000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
          CREATE EXTENSION IF NOT EXISTS pg_trgm;
          CREATE INDEX products_by_text ON products USING gin (name gin_trgm_ops, sku gin_trgm_ops);
        END IF;
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'products are searched without an index: %', SQLERRM;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS products_by_text');
  }
}

/** The database of products. */
export const PRODUCTS_MIGRATIONS = [
  CreateProducts1763000000001,
  IndexProductsByStatus1765000000001,
  IndexProductsByText1765000000011,
];
