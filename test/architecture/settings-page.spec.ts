import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import type { SettingDescription } from '@fissile/kit/config';
import { makePage, PAGE, readSchemas } from '../../tools/settings-docs/settings-page.js';

/** Settings that deployments of the shop rely on. */
const RELIED_UPON = `
  TOPOLOGY HOSTS HOST PORT DATA_DIR TRANSPORT EVENT_BUS DISCOVERY
  DATABASE_URL USERS_DATABASE_URL PRODUCTS_DATABASE_URL INVENTORY_DATABASE_URL
  ORDERS_DATABASE_URL PAYMENTS_DATABASE_URL NOTIFICATIONS_DATABASE_URL
  REDIS_URL RABBITMQ_URL KAFKA_BROKERS NATS_URL CONSUL_URL SMTP_URL
  PAYMENT_PROVIDER STRIPE_SECRET_KEY ADMIN_EMAIL ADMIN_PASSWORD
  THROTTLE_ENABLED THROTTLE_RATE THROTTLE_BURST TRUST_PROXY CORS_ORIGINS
  LOG_LEVEL LOG_FORMAT OTEL_EXPORTER_OTLP_ENDPOINT INTERNAL_AUTH_SECRET`
  .trim()
  .split(/\s+/);

const linesOnlyIn = (page: readonly string[] = [], other: readonly string[] = []): string[] =>
  page.filter((line) => !other.includes(line));

describe('The settings', () => {
  let settings: SettingDescription[];

  before(async () => {
    settings = await readSchemas();
  });

  it(`are what ${PAGE} says; else run npm run settings:docs`, async () => {
    const [written, made] = [readFileSync(PAGE, 'utf8'), await makePage()].map((page) => page.split('\n'));
    const stale = { missing: linesOnlyIn(made, written), outdated: linesOnlyIn(written, made) };
    assert.deepEqual(stale, { missing: [], outdated: [] });
  });

  it('have each a description, words for what is expected, and one place', () => {
    const bare = settings.filter(
      ({ description, expected }) => !/^.{15,}\.$/s.test(description) || /undefined|^$/.test(expected),
    );
    assert.deepEqual(
      bare.map(({ name }) => name),
      [],
    );
    assert.equal(new Set(settings.map(({ name }) => name)).size, settings.length);
  });

  it('that deployments rely on are there', () => {
    const names = new Set(settings.map(({ name }) => name));
    assert.deepEqual(
      RELIED_UPON.filter((name) => !names.has(name)),
      [],
    );
  });

  it('that are secrets are never live', () => {
    assert.deepEqual(
      settings.filter(({ secret, live }) => secret && live),
      [],
    );
  });
});
