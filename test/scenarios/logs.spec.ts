import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { ADMIN, Shop } from '../harness/shop.js';
import { Api, type Json } from '../harness/api.js';
import { OtlpCollector, Program, queryServer, startTestServer, until } from '@fissile/kit/testing';
import { appProgram } from '../harness/app-program.js';

const INTERNAL_SECRET = 'the-secret-by-which-processes-know-each-other';
const DATABASE_ROLE = `logs_${randomBytes(5).toString('hex')}`;
const DATABASE_PASSWORD = 'the-password-of-the-database';

/** The secrets that occur in a text, plain or as encoded in URLs, JSON and base64. */
function leaksIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].flatMap(([what, secret]) => {
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
    ];
    return forms.some((form) => text.toLowerCase().includes(form.toLowerCase())) ? [what] : [];
  });
}

describe('Logs, at their most talkative', () => {
  const secrets = new Map<string, string>([
    ["the admin's email", ADMIN.email],
    ["the admin's password", ADMIN.password],
    ['the internal secret', INTERNAL_SECRET],
    ['the password of the database', DATABASE_PASSWORD],
  ]);
  let collector: OtlpCollector;
  let smtp: SMTPServer;
  let shop: Shop;
  let api: Api;
  let customer: { id: string; email: string; token: string };

  const keep = (what: string, secret: string): string => {
    secrets.set(what, secret);
    return secret;
  };

  before(async () => {
    collector = await OtlpCollector.open();
    const server = await startTestServer();
    await queryServer(
      server.url,
      `CREATE ROLE ${DATABASE_ROLE} LOGIN CREATEDB PASSWORD '${DATABASE_PASSWORD}'`,
    );
    // Its responses name the recipient, as those of real servers do.
    smtp = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) => done(new Error(`<${address}>: no such mailbox`)),
    });
    await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
    const { port } = smtp.server.address() as AddressInfo;
    const url = new URL(server.url);
    Object.assign(url, { username: DATABASE_ROLE, password: DATABASE_PASSWORD });
    shop = await Shop.start({
      server,
      env: {
        LOG_LEVEL: 'trace',
        DATABASE_URL: url.href,
        INTERNAL_AUTH_SECRET: INTERNAL_SECRET,
        SMTP_URL: `smtp://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.url}/v1/logs`,
        OTEL_BLRP_SCHEDULE_DELAY: '100',
        RECENT_SPANS: '100000',
      },
    });
    api = new Api(shop);
    await live();
  });

  after(async () => {
    const { databaseServerUrl } = shop;
    await shop.close();
    await collector.close();
    await queryServer(databaseServerUrl, `DROP ROLE ${DATABASE_ROLE}`);
    await new Promise<void>((closed) => smtp.close(closed));
  });

  /** Personal data and errors of every kind that are sent to a shop. */
  async function live(): Promise<void> {
    const email = keep('an email', `Ada.${randomUUID()}@customers.example`);
    const password = keep('a password', `the-password-of-${randomUUID()}`);
    const registration = { email, password, name: 'A Customer' };
    const { status, body } = await api.post('/api/users', registration);
    assert.equal(status, 201, JSON.stringify(body));
    await api.post('/api/users', registration);
    await api.post('/api/users', { ...registration, password: keep('a short password', 'Pw-17x!') });
    await api.post('/api/users', `{"email": "${email}", "password": "${password}`);
    await api.post('/api/auth/login', { email, password: keep('a wrong password', 'not-the-password-4711') });
    const tokens = await logIn(email, password, 'of the customer');
    customer = { id: body.id, email, token: tokens.accessToken };
    await useTokens(tokens);
    await placeOrders();
    await administer();
    await fail();
    await until('the mail server has refused', () => /notification \S+ is not sent/.test(shop.output));
  }

  async function logIn(email: string, password: string, whose: string): Promise<Json> {
    const { status, body } = await api.post('/api/auth/login', { email, password });
    assert.equal(status, 200, JSON.stringify(body));
    keep(`an access token ${whose}`, body.accessToken);
    keep(`a refresh token ${whose}`, body.refreshToken);
    return body;
  }

  async function useTokens({ accessToken, refreshToken }: Json): Promise<void> {
    const other = await logIn(customer.email, secrets.get('a password') ?? '', 'of a second session');
    const { body } = await api.post('/api/auth/refresh', { refreshToken: other.refreshToken });
    keep('a new access token', body.accessToken);
    keep('a new refresh token', body.refreshToken);
    await api.post('/api/auth/refresh', { refreshToken: other.refreshToken });
    await api.get(`/api/orders?access_token=${accessToken}&email=${encodeURIComponent(customer.email)}`);
    await api.get(`/api/nothing/${customer.email}/${accessToken}?refreshToken=${refreshToken}`);
    await api.get('/api/orders', `${accessToken}x`);
    await api.call('GET', '/api/orders', {
      headers: { cookie: `session=${accessToken}`, authorization: `Basic ${refreshToken}` },
    });
    await api.get('/api/users/me', accessToken);
  }

  async function placeOrders(): Promise<void> {
    const admin = await logIn(ADMIN.email, ADMIN.password, 'of the admin');
    const productId = await api.product(admin.accessToken, { stock: 3 });
    const items = [{ productId, quantity: 1 }];
    for (const method of ['pm_card_ok', 'pm_card_declined', 'pm_card_error_then_ok']) {
      await api.placeOrder(customer.token, items, { method });
    }
    await api.placeOrder(customer.token, items, { method: keep('a card', '4242424242424242') });
    await api.placeOrder(customer.token, [{ productId, quantity: 5 }]);
  }

  async function administer(): Promise<void> {
    const token = await api.admin();
    keep('another access token of the admin', token);
    await api.get(`/api/users?email=${encodeURIComponent(customer.email)}`, token);
    await api.get('/api/users', token);
    await api.call('PATCH', `/api/users/${customer.id}`, { token, body: { email: customer.email } });
    await api.call('PATCH', `/api/users/${customer.id}`, { token, body: { status: 'disabled' } });
    await api.get('/api/admin/sagas', token);
    await api.post('/api/auth/logout', {}, token);
  }

  /** A database error whose message contains personal data, as those of triggers and constraints do. */
  async function fail(): Promise<void> {
    await queryServer(
      shop.databaseServerUrl,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'no room for % with %', NEW.email, NEW.password_hash; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()`,
      [],
      `${shop.databasePrefix}_users`,
    );
    const email = keep('an email in an error', `grace.${randomUUID()}@customers.example`);
    const password = keep('a password in an error', `the-password-of-${randomUUID()}`);
    const { status } = await api.post('/api/users', { email, password, name: 'Grace' });
    assert.equal(status, 500);
  }

  /** With several processes, each line begins with the name of its process. */
  const lines = (): Json[] =>
    shop.output
      .split('\n')
      .map((line) => /^(?:\S+ +\| )?(\{.*\})$/.exec(line)?.[1])
      .filter((line) => line !== undefined)
      .map((line) => JSON.parse(line));

  it('hold no password, token, email, card or secret of a whole run', async () => {
    assert.ok(lines().length > 100, 'it has said a lot');
    await until('the fault is logged', () => /no room for \[redacted\]/.test(shop.output));
    assert.doesNotMatch(shop.output, /\$argon2/);
    assert.deepEqual(leaksIn(shop.output, secrets), []);
  });

  it('are sent to a collector as they are written, without what is redacted', async () => {
    const written = lines();
    await until('each line has arrived', () => collector.logs.length >= written.length);
    const bodies = new Set(collector.logs.map(({ body }) => body));
    assert.deepEqual(
      written.filter(({ msg }) => !bodies.has(msg)),
      [],
    );
    const failure = collector.logs.find(({ attributes }) =>
      /no room for \[redacted\][^]*\n {4}at /.test(String(attributes['exception.stacktrace'])),
    );
    assert.equal(failure?.severityText, 'error');
    assert.match(String(failure.attributes['requestId']), /^[0-9a-f-]{36}$/);
    assert.match(failure.traceId, /^[0-9a-f]{32}$/);
    const sent = collector.logs.map(({ at: _, ...log }) => log);
    assert.deepEqual(leaksIn(JSON.stringify(sent), secrets), []);
  });

  it('are kept for operators as they are written, as are the traces, and hold no secret either', async () => {
    const token = keep('a last access token of the admin', await api.admin());
    const all = async (path: string): Promise<Json[]> => {
      const items: Json[] = [];
      let cursor = '';
      do {
        const { body } = await api.get(`/api/admin/${path}?limit=100${cursor && `&cursor=${cursor}`}`, token);
        items.push(...body.items);
        cursor = body.nextCursor ?? '';
      } while (cursor !== '');
      return items;
    };
    // Before the others are read: mails are tried again meanwhile.
    const written = lines().filter(({ msg }) => /^notification|^POST/.test(msg));
    assert.ok(written.length > 0);
    const kept = await all('logs');
    const messages = new Set(kept.map(({ message }) => message));
    assert.deepEqual(
      written.filter(({ msg }) => !messages.has(msg)),
      [],
    );
    const traces = await all('traces');
    assert.ok(traces.length > 20);
    const spans = [];
    for (const { traceId } of traces) spans.push((await api.get(`/api/admin/traces/${traceId}`, token)).body);
    assert.deepEqual(leaksIn(JSON.stringify([kept, traces, spans]), secrets), []);
  });

  it('would show a leak to this very check', () => {
    for (const [what, secret] of secrets) {
      const planted = `${shop.output}\n{"level":20,"msg":"planted ${JSON.stringify(secret).slice(1, -1)}"}\n`;
      assert.ok(leaksIn(planted, secrets).includes(what), what);
    }
  });

  it('say of each line which request, trace, user and saga it belongs to', () => {
    const request = lines().find(
      ({ msg, userId }) => /^POST \/api\/orders 201 \d+ ms$/.test(msg) && userId !== undefined,
    );
    assert.ok(request, 'a line of the request');
    assert.match(request.requestId, /^[0-9a-f-]{36}$/);
    assert.match(request.traceId, /^[0-9a-f]{32}$/);
    assert.equal(request.userId, customer.id);
    const step = lines().find(
      ({ msg, traceId }) => /place-order: confirm-order is done/.test(msg) && traceId === request.traceId,
    );
    assert.ok(step, 'a line of a step in the background');
    assert.match(step.sagaId, /^[0-9a-f-]{36}$/);
    assert.equal(step.userId, customer.id);
    assert.equal(step.requestId, request.requestId);
    const mail = lines().find(({ msg }) => /^notification \S+ is not sent/.test(msg));
    const requests = lines().filter(({ msg }) => /^POST \/api\/\w+ 201 \d+ ms$/.test(msg));
    assert.ok(
      requests.some(({ traceId }) => traceId === mail.traceId),
      'a mail belongs to a request',
    );
  });

  it('name what is wrong with the settings, and no value of them', async () => {
    const program = new Program(appProgram('monolith'), {
      DATABASE_URL: `mysql://shop:${DATABASE_PASSWORD}@127.0.0.1/x`,
      INTERNAL_AUTH_SECRET: INTERNAL_SECRET.slice(0, 20),
      ADMIN_EMAIL: ADMIN.email.replace('@', ' '),
      ADMIN_PASSWORD: 'Pw-17x!',
      SMTP_URL: `http://${DATABASE_PASSWORD}@127.0.0.1`,
      OTEL_EXPORTER_OTLP_HEADERS: `${DATABASE_PASSWORD}`,
      PORT: '-1',
    });
    assert.equal(await program.ends(), 1);
    for (const name of ['DATABASE_URL', 'ADMIN_PASSWORD', 'SMTP_URL'])
      assert.match(program.output, new RegExp(name));
    const parts = new Map([...secrets, ['half of the internal secret', INTERNAL_SECRET.slice(0, 20)]]);
    assert.deepEqual(leaksIn(program.output, parts), []);
  });

  it('report a database that rejects the password without the password', async () => {
    const url = new URL(shop.databaseServerUrl);
    Object.assign(url, { username: DATABASE_ROLE, password: `${DATABASE_PASSWORD}-mistyped` });
    const program = new Program(appProgram('monolith'), {
      DATABASE_URL: url.href,
      DATABASE_NAME_PREFIX: DATABASE_ROLE,
      LOG_LEVEL: 'trace',
      PORT: '0',
    });
    const ended = await until(
      'it has ended or listens',
      () => program.hasEnded || /listening/.test(program.output),
    );
    await program.stop();
    assert.ok(ended);
    assert.deepEqual(leaksIn(program.output, secrets), []);
  });
});
