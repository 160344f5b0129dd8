import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it, mock } from 'node:test';
import { decodeJwt } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { AUDIT_MIGRATIONS, AuditLog, Refusals } from '@fissile/kit/operations';
import {
  type AccessTokenClaims,
  type AuthSettings,
  type RevocationBroadcast,
  Revocations,
} from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import type { DatabaseSettings } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, Outbox } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase, until } from '@fissile/kit/testing';
import type { AccountMails } from './account-mails.js';
import { AccountsService } from './accounts.service.js';
import { Authentication } from './authentication.js';
import { KeyRepository } from './data/key-repository.js';
import { LoginAttemptRepository } from './data/login-attempt-repository.js';
import { Passwords } from './data/passwords.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import type { UserChange } from './domain/user.js';
import type { EmailVerification } from './email-verification.js';
import { KeyRing } from './key-ring.js';
import { LoginAttempts } from './login-attempts.js';
import { NewPasswords } from './new-passwords.js';
import { SecondFactors } from './second-factors.js';
import { SessionEndings } from './session-endings.js';
import { SessionsService, type Tokens } from './sessions.service.js';
import { SignIn } from './sign-in.js';
import type { UsersSettings } from './users.settings.js';

const PASSWORD = 'the password of them all';
const ADDRESS = '10.0.0.1';
const MAX_FAILURES = 5;

type Method = (...parameters: unknown[]) => Promise<unknown>;
type Replaceable<K extends string> = { [Name in K]: (...parameters: never[]) => Promise<unknown> };

/** Until the test is over. */
function replace<K extends string>(object: Replaceable<K>, method: K, by: Method): void {
  mock.method(object as object as Record<string, Method>, method, by);
}

const outage = () => Promise.reject(ContextError.of('unavailable'));

describe('Sessions', () => {
  let opened: TestDatabase;
  let users: UserRepository;
  let sessions: SessionRepository;
  let passwords: Passwords;
  let keys: KeyRing;
  let revocations: Revocations;
  let accounts: AccountsService;
  let service: SessionsService;
  let signIn: SignIn;
  let settings: UsersSettings;
  /** The same without a leeway. */
  let strict: SessionsService;

  before(async () => {
    opened = await openTestDatabase({
      entities: [UserEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...USERS_MIGRATIONS],
    });
    const { database } = opened;
    settings = {
      AUTH_KEY_SECRET: 'a secret of the tests',
      AUTH_KEY_ROTATION_DAYS: 30,
      REFRESH_TOKEN_DAYS: 30,
      SESSION_DAYS: 90,
      REFRESH_LEEWAY_SECONDS: 10,
      LOGIN_FAILURES_PER_ACCOUNT: MAX_FAILURES,
      LOGIN_FAILURES_PER_ADDRESS: 1_000,
    } as UsersSettings;
    const auth = { ACCESS_TOKEN_MINUTES: 15 } as AuthSettings;
    users = new UserRepository(database);
    sessions = new SessionRepository(database);
    passwords = new Passwords();
    const box = new SecretBox(settings, {} as DatabaseSettings);
    keys = new KeyRing(new KeyRepository(database), box, settings, auth);
    await keys.onModuleInit();
    revocations = new Revocations(auth);
    const single: RevocationBroadcast = { publish: async () => undefined };
    const audit = new AuditLog(database);
    const endings = new SessionEndings(sessions, revocations, single);
    accounts = new AccountsService(database, users, passwords, new Outbox(database), endings, audit, {
      begin: async () => undefined,
      isRequired: false,
    } as unknown as EmailVerification);
    const attempts = new LoginAttempts(new LoginAttemptRepository(database), settings);
    const refusals = new Refusals(audit);
    const noMails = { add: async () => undefined } as unknown as AccountMails;
    const repository = new SecondFactorRepository(database);
    const factors = new SecondFactors(database, repository, box, attempts, noMails, settings, audit);
    const serviceWith = (own: UsersSettings) =>
      new SessionsService(database, users, sessions, factors, keys, box, endings, own, auth, audit, refusals);
    service = serviceWith(settings);
    strict = serviceWith({ ...settings, REFRESH_LEEWAY_SECONDS: 0 });
    signIn = new SignIn(
      database,
      users,
      new Authentication(users, passwords, attempts, settings, refusals),
      factors,
      repository,
      new NewPasswords(passwords),
      noMails,
      service,
      attempts,
      keys,
      audit,
    );
    // An admin who remains, so that others can lose the role.
    await change((await register()).id, { roles: ['admin'] });
  });
  afterEach(() => mock.restoreAll());
  after(() => opened.close());

  const register = async () => {
    const email = `${uuidv7()}@example.com`;
    const user = await accounts.register({ email, password: PASSWORD, name: 'Ada' });
    return { id: user.id, email };
  };
  const login = ({ email }: { email: string }, password = PASSWORD) =>
    signIn.login({ email, password }, { address: ADDRESS });
  const change = (id: string, what: UserChange) => accounts.change(id, what, undefined);
  const claimsOf = ({ accessToken }: Tokens) => decodeJwt<AccessTokenClaims>(accessToken);
  const codeOf = (error: unknown) => (error instanceof ContextError ? error.code : String(error));

  /** As this process sees it, and as another process does that receives all revocations. */
  async function isVoid(tokens: Tokens): Promise<boolean> {
    const { sub, sid, iat_ms: issuedAt } = claimsOf(tokens);
    const here = [sub, sid].some((subject) => revocations.covers(subject, issuedAt));
    const known = await sessions.revokedSince(new Date(0));
    const byPolling = known.some(
      ({ subjectId, revokedAt }) => [sub, sid].includes(subjectId) && issuedAt <= revokedAt.getTime(),
    );
    assert.equal(here, byPolling);
    return here;
  }

  /** Resumes the function when its first call of the method has arrived and the interruption is over. */
  async function interrupt<K extends string, T>(
    object: Replaceable<K>,
    method: K,
    work: () => Promise<T>,
    interruption: () => Promise<unknown>,
  ): Promise<T> {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const original = object[method].bind(object) as Method;
    replace(object, method, async (...parameters) => {
      arrived.resolve();
      await released.promise;
      return original(...parameters);
    });
    const outcome = work();
    outcome.catch(() => undefined);
    await arrived.promise;
    await interruption();
    released.resolve();
    return outcome;
  }

  it('an outage does not count as a failed login', async () => {
    const user = await register();
    const outages = [
      () => replace(users, 'findByEmail', outage),
      () => replace(passwords, 'matches', outage),
      () => replace(keys, 'current', outage),
      () => replace(sessions, 'addToken', outage),
    ];
    for (const begin of outages) {
      begin();
      for (let tried = 0; tried <= MAX_FAILURES; tried += 1) {
        await assert.rejects(login(user), { code: 'unavailable' });
      }
      mock.restoreAll();
    }
    await login(user);
  });

  it('where addresses must be verified, the right password of another account is as a wrong one, and counts as one', async () => {
    const user = await register();
    Object.assign(settings, { EMAIL_VERIFICATION: 'required' });
    try {
      for (let failed = 0; failed < MAX_FAILURES; failed += 1) {
        await assert.rejects(login(user), { code: 'invalid_credentials' });
      }
      await assert.rejects(login(user), { code: 'too_many_requests' });
      const verified = await register();
      await opened.database.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [verified.id]);
      await login(verified);
    } finally {
      Object.assign(settings, { EMAIL_VERIFICATION: 'on' });
    }
  });

  it('a wrong password does, until the account must wait', async () => {
    const user = await register();
    for (let failed = 0; failed < MAX_FAILURES; failed += 1) {
      await assert.rejects(login(user, 'a wrong password'), { code: 'invalid_credentials' });
    }
    await assert.rejects(login(user), { code: 'too_many_requests' });
  });

  it('a login that has checked the password when the account is disabled is refused', async () => {
    const user = await register();
    const disable = () => change(user.id, { status: 'disabled' });
    await assert.rejects(
      interrupt(passwords, 'matches', () => login(user), disable),
      { code: 'account_disabled' },
    );
  });

  it('a login that has checked the password when roles change has the new ones', async () => {
    const user = await register();
    const promote = () => change(user.id, { roles: ['user', 'admin'] });
    const tokens = await interrupt(passwords, 'matches', () => login(user), promote);
    assert.deepEqual(claimsOf(tokens).roles, ['user', 'admin']);
    assert.equal(await isVoid(tokens), false);
    await change(user.id, { roles: ['user'] });
  });

  it('a login whose password was replaced meanwhile is refused', async () => {
    const user = await register();
    const replace = async () => {
      const passwordHash = await new Passwords().hash('the password that counts now');
      await opened.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
        user.id,
        passwordHash,
      ]);
    };
    await assert.rejects(
      interrupt(passwords, 'matches', () => login(user), replace),
      { code: 'invalid_credentials' },
    );
  });

  it('a login that has checked the password when a second factor is confirmed is refused', async () => {
    const user = await register();
    const confirm = () =>
      opened.database.query(
        `INSERT INTO second_factors (user_id, secret, encrypted_by, confirmed_at) VALUES ($1, '', '', now())`,
        [user.id],
      );
    await assert.rejects(
      interrupt(keys, 'current', () => login(user), confirm),
      { code: 'second_factor_required' },
    );
  });

  it('a login whose user is gone meanwhile is refused', async () => {
    const user = await register();
    const remove = () => opened.database.query('DELETE FROM users WHERE id = $1', [user.id]);
    await assert.rejects(
      interrupt(passwords, 'matches', () => login(user), remove),
      { code: 'invalid_credentials' },
    );
  });

  it('a refresh that is under way when the session ends, by the user or an admin, is refused', async () => {
    for (const end of ['logout', 'disable'] as const) {
      const user = await register();
      const tokens = await login(user);
      const interruption = () =>
        end === 'logout' ? service.logout(claimsOf(tokens).sid) : change(user.id, { status: 'disabled' });
      await assert.rejects(
        interrupt(keys, 'current', () => service.refresh(tokens.refreshToken), interruption),
        { code: 'invalid_refresh_token' },
      );
    }
  });

  it('a refresh that is under way when roles change has the new ones', async () => {
    const user = await register();
    const { refreshToken } = await login(user);
    const promote = () => change(user.id, { roles: ['user', 'admin'] });
    const tokens = await interrupt(keys, 'current', () => service.refresh(refreshToken), promote);
    assert.deepEqual(claimsOf(tokens).roles, ['user', 'admin']);
    assert.equal(await isVoid(tokens), false);
    await change(user.id, { roles: ['user'] });
  });

  it('a token that is issued while a revocation waits for it is void', async () => {
    const revoke: Record<string, (id: string, sessionId: string) => Promise<unknown>> = {
      disabling: (id) => change(id, { status: 'disabled' }),
      'new roles': (id) => change(id, { roles: ['user', 'admin'] }),
      'logging out': (_id, sessionId) => service.logout(sessionId),
    };
    for (const [name, start] of Object.entries(revoke)) {
      const user = await register();
      const first = await login(user);
      let revoked: Promise<unknown> = Promise.resolve();
      const waits = async () => {
        revoked = start(user.id, claimsOf(first).sid);
        await until(`${name} waits`, async () => {
          const waiting = await opened.database.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting.length > 0;
        });
      };
      const tokens = await interrupt(sessions, 'addToken', () => service.refresh(first.refreshToken), waits);
      await revoked;
      assert.equal(await isVoid(tokens), true, name);
      await change(user.id, { roles: ['user'] });
    }
  });

  it('within one millisecond too, a revocation ends what was before it and nothing after', async () => {
    const user = await register();
    for (let round = 0; round < 40; round += 1) {
      const roles = round % 2 === 0 ? ['user', 'admin'] : ['user'];
      const { refreshToken } = await login(user);
      const earlier = await service.refresh(refreshToken);
      await change(user.id, { roles });
      const later = await service.refresh(earlier.refreshToken);
      assert.deepEqual([await isVoid(earlier), await isVoid(later)], [true, false], `round ${round}`);
    }
  });

  it('a clock that is put back by a little changes nothing about that', async () => {
    const user = await register();
    await change(user.id, { roles: ['user', 'admin'] });
    await opened.database.query(
      `UPDATE revocations SET revoked_at = now() + interval '1 minute' WHERE subject_id = $1`,
      [user.id],
    );
    const tokens = await login(user);
    assert.equal(await isVoid(tokens), false);
    await change(user.id, { roles: ['user'] });
    assert.equal(await isVoid(tokens), true);
  });

  it('of logins, refreshes and revocations side by side, no good token says what is no longer so', async () => {
    for (let round = 0; round < 15; round += 1) {
      const user = await register();
      const open = await Promise.all([login(user), login(user), login(user)]);
      const [first, second, third] = open;
      const [firstSession] = open.map((tokens) => claimsOf(tokens).sid);
      const work = [
        () => login(user),
        () => service.refresh(first.refreshToken),
        () => service.logout(firstSession ?? ''),
        () => service.refresh(second.refreshToken),
        () => change(user.id, { roles: round % 3 === 0 ? ['user'] : ['user', 'admin'] }),
        () => service.refresh(third.refreshToken),
        async () => (round % 3 === 0 ? change(user.id, { status: 'disabled' }) : login(user)),
        () => login(user),
      ];
      // Each comes first once, and the previous one comes last.
      const turned = [...work.slice(round % work.length), ...work.slice(0, round % work.length)];
      const results = await Promise.all(turned.map(async (start) => start().catch(codeOf)));
      const issued = results.filter(
        (result): result is Tokens => typeof result === 'object' && 'accessToken' in result,
      );
      const now = await accounts.read(user.id);
      for (const tokens of [...open, ...issued]) {
        if (await isVoid(tokens)) continue;
        const { sid, roles } = claimsOf(tokens);
        assert.equal(now.status, 'active');
        assert.deepEqual(roles, now.roles);
        assert.notEqual(sid, firstSession);
      }
      if (now.status === 'active') await change(user.id, { roles: ['user'] });
    }
  });

  it('a refresh token that was used when signing failed is still valid', async () => {
    const { refreshToken } = await login(await register());
    const outages = [() => replace(keys, 'current', outage), () => replace(sessions, 'addToken', outage)];
    for (const begin of outages) {
      begin();
      await assert.rejects(service.refresh(refreshToken), { code: 'unavailable' });
      mock.restoreAll();
    }
    await service.refresh(refreshToken);
  });

  const setAge = (tokens: Tokens, age: string) =>
    opened.database.query('UPDATE sessions SET created_at = now() - $2::interval WHERE id = $1', [
      claimsOf(tokens).sid,
      age,
    ]);

  it('a session that was refreshed again and again ends at its age', async () => {
    const first = await login(await register());
    await setAge(first, '89 days');
    const last = await service.refresh(first.refreshToken);
    const [row] = await opened.database.query<{ hours: number }>(
      `SELECT extract(epoch FROM max(expires_at) - now())::float8 / 3600 AS hours
       FROM refresh_tokens WHERE session_id = $1 AND used_at IS NULL`,
      [claimsOf(last).sid],
    );
    assert.ok(row && row.hours > 23 && row.hours <= 24, `${row?.hours} hours are left`);
    const old = await login(await register());
    await setAge(old, '91 days');
    const beyond = await service.refresh(old.refreshToken);
    await assert.rejects(service.refresh(beyond.refreshToken), { code: 'invalid_refresh_token' });
  });

  it('a session is ended by its refresh token alone, and by one that was used before', async () => {
    for (const isUsed of [false, true]) {
      const tokens = await login(await register());
      const current = isUsed ? await service.refresh(tokens.refreshToken) : tokens;
      await service.revoke(tokens.refreshToken);
      assert.equal(await isVoid(current), true);
      await assert.rejects(service.refresh(current.refreshToken), { code: 'invalid_refresh_token' });
    }
  });

  it('a refresh token that nobody knows ends nothing', async () => {
    const tokens = await login(await register());
    await service.revoke('none');
    assert.equal(await isVoid(tokens), false);
  });

  it('without a leeway, of concurrent uses of one refresh token at most one succeeds, and the session ends', async () => {
    const tokens = await login(await register());
    const results = await Promise.all(
      Array.from({ length: 8 }, () => strict.refresh(tokens.refreshToken).catch(codeOf)),
    );
    const [won, ...others] = results.filter((result) => typeof result === 'object');
    assert.ok(won);
    assert.deepEqual(others, []);
    assert.equal(await isVoid(won), true);
    await assert.rejects(strict.refresh(won.refreshToken), { code: 'invalid_refresh_token' });
  });

  it('who lost the answer of a refresh, or asked twice at once, gets the same next token', async () => {
    const { refreshToken } = await login(await register());
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.refresh(refreshToken)));
    answers.push(await service.refresh(refreshToken));
    const [next = assert.fail(), ...others] = new Set(answers.map((tokens) => tokens.refreshToken));
    assert.deepEqual(others, []);
    for (const tokens of answers) assert.equal(await isVoid(tokens), false);
    await service.refresh(next);
  });

  it('a used refresh token ends the session once the next one was used, or the leeway is over', async () => {
    const isLate = (refreshToken: string) =>
      opened.database.query(
        `UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE token_hash = sha256($1)`,
        [Buffer.from(refreshToken)],
      );
    for (const after of [(_old: string, next: string) => service.refresh(next), isLate]) {
      const { refreshToken } = await login(await register());
      const renewed = await service.refresh(refreshToken);
      await after(refreshToken, renewed.refreshToken);
      await assert.rejects(service.refresh(refreshToken), { code: 'invalid_refresh_token' });
      assert.equal(await isVoid(renewed), true);
      await assert.rejects(service.refresh(renewed.refreshToken), { code: 'invalid_refresh_token' });
    }
  });

  it('the database has no refresh token that could be used', async () => {
    const { refreshToken } = await login(await register());
    const renewed = await service.refresh(refreshToken);
    const rows = await opened.database.query<{ kept: string }>(
      `SELECT encode(token_hash || coalesce(successor, ''), 'escape') AS kept FROM refresh_tokens`,
    );
    assert.ok(rows.length > 0);
    for (const { kept } of rows)
      for (const token of [refreshToken, renewed.refreshToken]) assert.equal(kept.includes(token), false);
  });
});
