import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { v7 as uuidv7 } from 'uuid';
import { type RevocationBroadcast, Revocations } from '@fissile/kit/auth';
import { AUDIT_MIGRATIONS, AuditLog, Refusals } from '@fissile/kit/operations';
import type { DatabaseSettings } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import '@fissile/kit/users';
import type { AccountMails } from './account-mails.js';
import { Authentication } from './authentication.js';
import { AccountTracesRepository } from './data/account-traces-repository.js';
import { LoginAttemptRepository } from './data/login-attempt-repository.js';
import { Passwords } from './data/passwords.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import type { User } from './domain/user.js';
import type { EmailVerification } from './email-verification.js';
import { LoginAttempts } from './login-attempts.js';
import { OwnerProof } from './owner-proof.js';
import { SecondFactorChanges } from './second-factor-changes.js';
import { SecondFactorRenewal } from './second-factor-renewal.js';
import { SecondFactors } from './second-factors.js';
import { SessionEndings } from './session-endings.js';
import type { UsersSettings } from './users.settings.js';

const PASSWORD = 'the password of them all';
const ADDRESS = '10.0.0.1';
const CODES_AT_FIRST = 10;

describe('Second factors', () => {
  let opened: TestDatabase;
  let users: UserRepository;
  let factors: SecondFactors;
  let changes: SecondFactorChanges;
  let repository: SecondFactorRepository;
  let passwordHash: string;
  const settings: { -readonly [K in keyof UsersSettings]?: UsersSettings[K] } = {
    AUTH_KEY_SECRET: 'the first secret',
    LOGIN_FAILURES_PER_ACCOUNT: 1_000,
    LOGIN_FAILURES_PER_ADDRESS: 10_000,
  };
  const given = settings as UsersSettings;
  const box = new SecretBox(given, {} as DatabaseSettings);
  const mails: string[] = [];

  before(async () => {
    // No step ends while a test is between two of its lines.
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    opened = await openTestDatabase({
      entities: [UserEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...USERS_MIGRATIONS],
    });
    const { database } = opened;
    const audit = new AuditLog(database);
    const attempts = new LoginAttempts(new LoginAttemptRepository(database), given);
    const outgoing = {
      add: async (_transaction: unknown, kind: string) => void mails.push(kind),
    } as unknown as AccountMails;
    const single: RevocationBroadcast = { publish: async () => undefined };
    const revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
    const passwords = new Passwords();
    passwordHash = await passwords.hash(PASSWORD);
    users = new UserRepository(database);
    repository = new SecondFactorRepository(database);
    factors = new SecondFactors(database, repository, box, attempts, outgoing, given, audit);
    changes = new SecondFactorChanges(
      database,
      users,
      repository,
      factors,
      new OwnerProof(new Authentication(users, passwords, attempts, given, new Refusals(audit)), factors),
      { counts: ({ emailVerifiedAt }: User) => emailVerifiedAt !== null } as EmailVerification,
      new SessionEndings(new SessionRepository(database), revocations, single),
      box,
      outgoing,
      given,
      audit,
    );
  });
  after(async () => {
    mock.timers.reset();
    await opened.close();
  });

  const callerOf = ({ id }: User) => ({ userId: id, sessionId: uuidv7(), roles: ['user'] });

  async function userWithout(emailVerifiedAt: Date | null = new Date()): Promise<User> {
    const user: User = {
      id: uuidv7(),
      email: `${uuidv7()}@example.com`,
      name: 'Ada',
      passwordHash,
      passwordMustChange: false,
      roles: ['user'],
      status: 'active',
      version: 1,
      createdAt: new Date(),
      emailVerifiedAt,
      erasedAt: null,
    };
    await opened.database.transaction((transaction) => users.insert(transaction, user));
    return user;
  }

  /** What the app shows so many steps from now. */
  function codeOf(secret: string, steps = 0): string {
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: Date.now() + steps * 30_000,
    });
  }

  async function userWith(): Promise<{ user: User; secret: string; recoveryCodes: string[] }> {
    const user = await userWithout();
    const { secret } = await changes.begin(callerOf(user), PASSWORD, ADDRESS);
    const recoveryCodes = await changes.confirm(callerOf(user), codeOf(secret, -1));
    return { user, secret, recoveryCodes };
  }

  async function use(user: User, code: string): Promise<void> {
    const factor = await factors.activeOf(user);
    assert.ok(factor);
    await factors.use(user, factor, code);
  }

  it('count once a code has confirmed them, and not before', async () => {
    const user = await userWithout();
    const { secret } = await changes.begin(callerOf(user), PASSWORD, ADDRESS);
    assert.equal(await factors.activeOf(user), undefined);
    await assert.rejects(changes.confirm(callerOf(user), codeOf(secret, 5)), { name: 'RequestInvalid' });
    assert.equal(await factors.activeOf(user), undefined);
    assert.equal((await changes.confirm(callerOf(user), codeOf(secret))).length, 10);
    assert.ok(await factors.activeOf(user));
    await assert.rejects(changes.begin(callerOf(user), PASSWORD, ADDRESS), { code: 'second_factor_exists' });
  });

  it('begun again before they are confirmed, have another secret', async () => {
    const user = await userWithout();
    const lost = await changes.begin(callerOf(user), PASSWORD, ADDRESS);
    const { secret } = await changes.begin(callerOf(user), PASSWORD, ADDRESS);
    await assert.rejects(changes.confirm(callerOf(user), codeOf(lost.secret)));
    await changes.confirm(callerOf(user), codeOf(secret));
  });

  it('go with what is kept of an erased account', async () => {
    const { user } = await userWith();
    const traces = new AccountTracesRepository(opened.database);
    assert.equal((await traces.secondFactorsOf(user.id)).length, 1);
    await opened.database.transaction((transaction) => traces.deleteOf(transaction, user.id));
    assert.equal(await factors.activeOf(user), undefined);
  });

  it('are refused to who has not shown that the address is theirs, and could keep its owner out', async () => {
    const squatter = await userWithout(null);
    await assert.rejects(changes.begin(callerOf(squatter), PASSWORD, ADDRESS), {
      code: 'email_not_verified',
    });
  });

  it('take each code once, however often it comes at the same time, and none of a step before', async () => {
    const { user, secret } = await userWith();
    const code = codeOf(secret, 1);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => use(user, code)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    await assert.rejects(use(user, codeOf(secret)), { code: 'invalid_code' });
  });

  it('do not take the code again that has confirmed them', async () => {
    const { user, secret } = await userWith();
    await assert.rejects(use(user, codeOf(secret, -1)), { code: 'invalid_code' });
    await use(user, codeOf(secret));
  });

  it('take each recovery code once, however often it comes at the same time, and no one else’s', async () => {
    const { user, recoveryCodes } = await userWith();
    const [code = ''] = recoveryCodes;
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => use(user, code)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await changes.stateOf(user.id)).recoveryCodes, 9);
    const other = await userWith();
    await assert.rejects(use(user, other.recoveryCodes[0] ?? ''), { code: 'invalid_code' });
  });

  it('are not guessed from many networks, and recovery codes are taken still', async () => {
    const { user, secret, recoveryCodes } = await userWith();
    const wrong = codeOf(secret, 1_000);
    for (let tried = 0; tried < CODES_AT_FIRST; tried += 1)
      await assert.rejects(use(user, wrong), { code: 'invalid_code' });
    await assert.rejects(use(user, codeOf(secret)), { code: 'too_many_requests' });
    await use(user, recoveryCodes[0] ?? '');
  });

  it('have new recovery codes by a password and a code alone, and the earlier ones are none', async () => {
    const { user, secret, recoveryCodes } = await userWith();
    const renew = (password: string, code: string) =>
      changes.renewRecoveryCodes(callerOf(user), { password, code }, ADDRESS);
    await assert.rejects(renew('not the password', codeOf(secret)), { name: 'RequestInvalid' });
    await assert.rejects(renew(PASSWORD, codeOf(secret, 1_000)), { name: 'RequestInvalid' });
    const [first = ''] = await renew(PASSWORD, codeOf(secret));
    await assert.rejects(use(user, recoveryCodes[0] ?? ''), { code: 'invalid_code' });
    await use(user, first);
  });

  it('go by a password and a code, also one for recovery, and their user is told', async () => {
    const { user, recoveryCodes } = await userWith();
    mails.length = 0;
    const proof = { password: PASSWORD, code: recoveryCodes[3] ?? '' };
    await changes.remove(callerOf(user), proof, ADDRESS);
    assert.equal(await factors.activeOf(user), undefined);
    assert.deepEqual(mails, ['recovery_code_used', 'second_factor_removed']);
  });

  it('are in the database so that who reads it can use none', async () => {
    const { user, secret, recoveryCodes } = await userWith();
    const [row] = await opened.database.query<{ text: string }>(
      `SELECT encode(secret, 'escape') || (SELECT string_agg(encode(code_hash, 'escape'), ' ') FROM recovery_codes) AS text
       FROM second_factors WHERE user_id = $1`,
      [user.id],
    );
    for (const text of [secret, ...recoveryCodes]) assert.equal(row?.text.includes(text), false);
  });

  it('cannot be checked while the secret that has encrypted them is gone, which costs no attempt and spares recovery codes', async () => {
    const { user, secret, recoveryCodes } = await userWith();
    const { AUTH_KEY_SECRET } = settings;
    settings.AUTH_KEY_SECRET = 'another secret altogether';
    for (let tried = 0; tried <= CODES_AT_FIRST; tried += 1)
      await assert.rejects(use(user, codeOf(secret)), { code: 'unavailable' });
    await use(user, recoveryCodes[0] ?? '');
    settings.AUTH_KEY_SECRET = AUTH_KEY_SECRET;
    await use(user, codeOf(secret));
  });

  it('are encrypted by the newest generation of the secret, after which the old one is not needed', async () => {
    const { user, secret } = await userWith();
    const renewal = new SecondFactorRenewal(repository, box);
    settings.AUTH_KEY_SECRET = 'the second secret\nthe first secret';
    await renewal.renew();
    settings.AUTH_KEY_SECRET = 'the second secret';
    await use(user, codeOf(secret));
    assert.deepEqual(await repository.encryptedByOthers(box.keyName, 10), []);
  });
});
