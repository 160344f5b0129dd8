import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '@fissile/kit/database';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { accountCleanUp } from './account-clean-up.js';
import { LoginAttemptRepository } from './data/login-attempt-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import { LoginAttempts } from './login-attempts.js';
import type { UsersSettings } from './users.settings.js';

const PER_ACCOUNT = 3;
const PER_ADDRESS = 5;
/** Ten times what one network may: see the guide. */
const PRESSURE = 10 * PER_ACCOUNT;

const tooMany = { code: 'too_many_requests' };

describe('LoginAttempts', () => {
  let opened: TestDatabase;
  let database: Database;
  let guard: LoginAttempts;

  const process = () =>
    new LoginAttempts(new LoginAttemptRepository(database), {
      LOGIN_FAILURES_PER_ACCOUNT: PER_ACCOUNT,
      LOGIN_FAILURES_PER_ADDRESS: PER_ADDRESS,
    } as UsersSettings);

  before(async () => {
    opened = await openTestDatabase({ migrations: USERS_MIGRATIONS });
    ({ database } = opened);
    guard = process();
  });

  beforeEach(() => database.query('TRUNCATE login_attempts'));

  after(() => opened.close());

  const fail = async (times: number, emailOf: (at: number) => string, addressOf: (at: number) => string) => {
    for (let at = 0; at < times; at += 1) await guard.begin(emailOf(at), addressOf(at));
  };
  /** Another network for each attempt, so that no other limit is met. */
  const press = () =>
    fail(
      PRESSURE,
      () => 'a@example.com',
      (at) => `10.1.${at}.1`,
    );

  it('makes a network wait with an account after its failures, and says how long', async () => {
    await fail(
      PER_ACCOUNT,
      () => 'a@example.com',
      () => '10.0.0.1',
    );
    await assert.rejects(
      guard.begin('a@example.com', '10.0.0.1'),
      (error: { code: string; details: { retryAfter: number } }) =>
        error.code === 'too_many_requests' && error.details.retryAfter > 0,
    );
    await guard.begin('b@example.com', '10.0.0.1');
  });

  it('lets the same account in from elsewhere', async () => {
    await fail(
      PER_ACCOUNT,
      () => 'a@example.com',
      () => '203.0.113.9',
    );
    await guard.begin('a@example.com', '198.51.100.7');
  });

  it('blocks an address that tries one password on many accounts', async () => {
    await fail(
      PER_ADDRESS,
      (at) => `${at}@example.com`,
      () => '10.0.0.1',
    );
    await assert.rejects(guard.begin('x@example.com', '10.0.0.1'), tooMany);
  });

  it('keeps no row for what a blocked address types', async () => {
    await fail(
      PER_ADDRESS,
      (at) => `${at}@example.com`,
      () => '10.0.0.1',
    );
    const rows = () => database.query('SELECT FROM login_attempts');
    const { length } = await rows();
    for (let more = 0; more < 10; more += 1) {
      await assert.rejects(guard.begin(`more-${more}@example.com`, '10.0.0.1'), tooMany);
    }
    assert.equal((await rows()).length, length);
  });

  it('counts one network as one address, however it is written', async () => {
    for (const write of [(at: number) => `2001:db8:1:2::${at}`, (at: number) => `[::ffff:10.0.0.1]:${at}`]) {
      await fail(PER_ADDRESS, (at) => `${at}@example.com`, write);
      await assert.rejects(guard.begin('x@example.com', write(PER_ADDRESS)), tooMany);
    }
  });

  it('counts in all processes of the context together, also at once', async () => {
    const [one, other] = [process(), process()];
    const tried = await Promise.allSettled(
      Array.from({ length: 4 * PER_ACCOUNT }, (_, at) =>
        (at % 2 === 0 ? one : other).begin('a@example.com', '10.0.0.1'),
      ),
    );
    assert.equal(tried.filter(({ status }) => status === 'fulfilled').length, PER_ACCOUNT);
  });

  it('does not count logins that succeed', async () => {
    for (let login = 0; login < 50; login += 1) await (await guard.begin('a@example.com', '10.0.0.1'))();
  });

  it('slows down each new network while many guess at one account, after its first tries', async () => {
    await press();
    const fresh = () => guard.begin('a@example.com', '198.51.100.7');
    for (let tried = 0; tried < 3; tried += 1) await fresh();
    await assert.rejects(fresh(), tooMany);
    // What else the network has used up.
    await database.query(`DELETE FROM login_attempts WHERE key < '3'`);
    await assert.rejects(
      fresh(),
      (error: { details: { retryAfter: number } }) => error.details.retryAfter > 900,
      'it waits longer than without pressure',
    );
  });

  it('spares the networks that the user signed in from before', async () => {
    const id = uuidv7();
    await database.query(
      `INSERT INTO users (id, email, name, password_hash, roles, status)
       VALUES ($1, 'a@example.com', 'Ada', '', '{user}', 'active')`,
      [id],
    );
    await guard.remember(id, '2001:db8:7:7::1');
    await press();
    const failAsUser = () =>
      fail(
        PER_ACCOUNT,
        () => 'a@example.com',
        (at) => `2001:db8:7:7::${at}`,
      );
    await failAsUser();
    await assert.rejects(guard.begin('a@example.com', '2001:db8:7:7::9'), tooMany);
    // Its 15 minutes are over; were it unknown, its three tries would not have come back.
    await database.query(`DELETE FROM login_attempts WHERE key < '3'`);
    await failAsUser();
  });

  it('reports a refusal once, until an attempt is allowed again', async () => {
    const reported: string[] = [];
    const guess = () => guard.begin('a@example.com', '10.0.0.1', (bucket) => reported.push(bucket));
    const takeBack = await guess();
    for (let failed = 1; failed < PER_ACCOUNT; failed += 1) await guess();
    await assert.rejects(guess(), tooMany);
    await assert.rejects(guess(), tooMany);
    assert.deepEqual(reported, ['account']);
    await takeBack();
    await guess();
  });

  it('forgets what counts no more', async () => {
    await guard.begin('a@example.com', '10.0.0.1');
    const cleanUp = accountCleanUp(database);
    const kept = async () => (await database.query('SELECT FROM login_attempts')).length;
    await cleanUp.deleteOld();
    assert.equal(await kept(), 4);
    await database.query(`UPDATE login_attempts SET expires_at = now() - interval '1 second'`);
    assert.equal(await cleanUp.deleteOld(), false);
    assert.equal(await kept(), 0);
  });
});
