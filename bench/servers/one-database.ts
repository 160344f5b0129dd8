/** Additions to the tables of orders, for the one database of the single-transaction variant. */
export const ONE_DATABASE = `
  CREATE TABLE products (
    id          uuid           PRIMARY KEY,
    sku         text           NOT NULL UNIQUE,
    name        text           NOT NULL,
    description text,
    category    text,
    price_minor bigint         NOT NULL,
    currency    char(3)        NOT NULL,
    status      text           NOT NULL,
    version     integer        NOT NULL DEFAULT 1,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),
    updated_at  timestamptz(3) NOT NULL DEFAULT now()
  );
  CREATE TABLE stock (
    product_id uuid    PRIMARY KEY,
    on_hand    bigint  NOT NULL CHECK (on_hand BETWEEN 0 AND 1000000000),
    reserved   bigint  NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand),
    version    integer NOT NULL DEFAULT 1
  ) WITH (fillfactor = 70);
  CREATE TABLE reservations (
    order_id    uuid           PRIMARY KEY,
    status      text           NOT NULL,
    product_ids uuid[]         NOT NULL,
    quantities  bigint[]       NOT NULL,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),
    released_at timestamptz(3)
  );
  CREATE TABLE payments (
    id             uuid           PRIMARY KEY,
    order_id       uuid           NOT NULL UNIQUE,
    user_id        uuid,
    amount_minor   bigint         NOT NULL,
    currency       text           NOT NULL,
    method         text           NOT NULL,
    status         text           NOT NULL,
    reference      text,
    decline_reason text,
    created_at     timestamptz(3) NOT NULL DEFAULT now()
  );
  CREATE INDEX payments_of_user ON payments (user_id, id);
  CREATE TABLE sandbox_charges (
    key          text    PRIMARY KEY,
    reference    text    NOT NULL,
    amount_minor bigint  NOT NULL,
    currency     text    NOT NULL,
    outcome      text    NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
  )`;
