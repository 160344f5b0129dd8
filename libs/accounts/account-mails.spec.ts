import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AUDIT_MIGRATIONS, AuditLog } from '@fissile/kit/operations';
import { type RevocationBroadcast, Revocations } from '@fissile/kit/auth';
import { MESSAGING_MIGRATIONS, Outbox } from '@fissile/kit/messaging';
import type { Mail, MailTransport } from '@fissile/kit/mail';
import { runInCall } from '@fissile/kit/request';
import { openTestDatabase, type TestDatabase, until } from '@fissile/kit/testing';
import { AccountMailer } from './account-mailer.js';
import { AccountMails } from './account-mails.js';
import { AccountsService } from './accounts.service.js';
import type { Authentication } from './authentication.js';
import { AccountMailRepository } from './data/account-mail-repository.js';
import { AccountTokenRepository } from './data/account-token-repository.js';
import { Passwords } from './data/passwords.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import { EmailVerification } from './email-verification.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordChanges } from './password-changes.js';
import { SessionEndings } from './session-endings.js';
import type { UsersSettings } from './users.settings.js';

const PER_HOUR = 3;
const PER_ADDRESS = 8;
const PASSWORD = 'a password of the owner';

describe('Mails of accounts', () => {
  let opened: TestDatabase;
  let users: UserRepository;
  let sessions: SessionRepository;
  let accounts: AccountsService;
  let verification: EmailVerification;
  let passwords: PasswordChanges;
  let mailer: AccountMailer;
  let settings: { -readonly [K in keyof UsersSettings]?: UsersSettings[K] };
  const mails: Mail[] = [];
  let asking = 0;
  /** Each test asks from a network of its own. */
  let address: string;

  before(async () => {
    opened = await openTestDatabase({
      entities: [UserEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...USERS_MIGRATIONS],
    });
    const { database } = opened;
    settings = {
      EMAIL_VERIFICATION_HOURS: 24,
      PASSWORD_RESET_MINUTES: 30,
      ACCOUNT_MAILS_PER_HOUR: PER_HOUR,
      ACCOUNT_MAILS_PER_ADDRESS: PER_ADDRESS,
      PUBLIC_URL: 'https://clinic.example/',
    };
    const transport = {
      isConfigured: true,
      send: async (mail: Mail) => void mails.push(mail),
    } as unknown as MailTransport;
    const given = settings as UsersSettings;
    users = new UserRepository(database);
    sessions = new SessionRepository(database);
    const queue = new AccountMailRepository(database);
    const tokens = new AccountTokenRepository(database);
    const audit = new AuditLog(database);
    mailer = new AccountMailer(queue, tokens, users, transport, given);
    const requests = new AccountMails(database, queue, mailer, given);
    verification = new EmailVerification(database, users, requests, tokens, given, audit);
    const revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
    const single: RevocationBroadcast = { publish: async () => undefined };
    const endings = new SessionEndings(sessions, revocations, single);
    accounts = new AccountsService(
      database,
      users,
      new Passwords(),
      new Outbox(database),
      endings,
      audit,
      verification,
    );
    passwords = new PasswordChanges(
      database,
      users,
      new NewPasswords(new Passwords()),
      {} as Authentication,
      endings,
      tokens,
      requests,
      audit,
    );
    mailer.onApplicationBootstrap();
  });
  beforeEach(() => {
    mails.length = 0;
    settings.EMAIL_VERIFICATION = 'on';
    address = `10.1.0.${(asking += 1)}`;
  });
  afterEach(quiet);
  after(async () => {
    await mailer.onModuleDestroy();
    await opened.close();
  });

  /** All that was asked for is sent or dropped. */
  async function quiet(): Promise<void> {
    await until('no mail waits', async () => {
      mailer.wake();
      const waiting = await opened.database.query(`SELECT FROM account_mails WHERE status = 'pending'`);
      return waiting.length === 0;
    });
  }
  const register = async (name = 'Ada') => {
    const email = `${uuidv7()}@example.com`;
    const { id } = await accounts.register({ email, password: 'a password of a stranger', name });
    await quiet();
    return { id, email };
  };
  const tokenIn = (mail: Mail | undefined) => /#[\w-]+=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? 'no token';
  const lastToken = () => tokenIn(mails.at(-1));
  const isVerified = async (id: string) => verification.counts(await accounts.read(id));
  const resetToken = async (email: string) => {
    await passwords.requestReset(email, address);
    await quiet();
    return lastToken();
  };

  it('verify an address by a token that is good once', async () => {
    const { id, email } = await register();
    assert.deepEqual(
      mails.map(({ to }) => to),
      [email],
    );
    assert.match(mails[0]?.text ?? '', /https:\/\/clinic\.example\/account#verify=/);
    assert.equal(await isVerified(id), false);
    await verification.confirm(lastToken());
    assert.equal(await isVerified(id), true);
    await assert.rejects(verification.confirm(lastToken()), { code: 'invalid_token' });
    await verification.request(email, address);
    await quiet();
    assert.equal(mails.length, 1, 'a verified address has nothing to verify');
  });

  it('contain nothing that the caller chose', async () => {
    await register('Your parcel is held. Pay at https://evil.example');
    assert.doesNotMatch(JSON.stringify(mails), /parcel|evil/);
  });

  it('have no token that is good for another purpose, or after its time', async () => {
    const { email } = await register();
    const verify = lastToken();
    await assert.rejects(passwords.confirmReset(verify, PASSWORD), { code: 'invalid_token' });
    const reset = await resetToken(email);
    await assert.rejects(verification.confirm(reset), { code: 'invalid_token' });
    await opened.database.query(`UPDATE account_tokens SET expires_at = now()`);
    await assert.rejects(passwords.confirmReset(reset, PASSWORD), { code: 'invalid_token' });
    await assert.rejects(verification.confirm(verify), { code: 'invalid_token' });
  });

  it('are no more for a recipient within an hour than the setting says, also when asked for at once', async () => {
    const { email } = await register();
    await Promise.all(Array.from({ length: 6 }, () => passwords.requestReset(email, address)));
    await quiet();
    assert.equal(mails.filter(({ subject }) => subject === 'Choose a new password').length, PER_HOUR);
  });

  it('go to no address without an account, and asking for them leaves the same rows', async () => {
    const { email } = await register();
    mails.length = 0;
    for (const asked of [email, 'nobody@example.com']) await passwords.requestReset(asked, address);
    const rows = await opened.database.query('SELECT kind, source FROM account_mails WHERE source = $1', [
      address,
    ]);
    assert.equal(rows.length, 2);
    assert.deepEqual(rows[0], rows[1]);
    await quiet();
    assert.deepEqual(
      mails.map(({ to }) => to),
      [email],
    );
  });

  it('are refused to a network that asks for too many, whatever the recipient', async () => {
    const ask = (index: number) => passwords.requestReset(`nobody-${index}@example.com`, address);
    for (let index = 0; index < PER_ADDRESS; index += 1) await ask(index);
    await assert.rejects(ask(PER_ADDRESS), { code: 'too_many_requests' });
  });

  it('are not sent for more registrations than a network may ask for, which are made all the same', async () => {
    const call = { requestId: uuidv7(), traceId: uuidv7(), source: address };
    await runInCall(call, async () => {
      for (let index = 0; index < PER_ADDRESS + 3; index += 1) await register();
    });
    assert.equal(mails.length, PER_ADDRESS);
    await register();
    assert.equal(mails.length, PER_ADDRESS + 1, 'another network may');
  });

  it('give an address back to its owner from who registered it first, and end their sessions', async () => {
    const { id, email } = await register('Mallory');
    const sessionId = uuidv7();
    await opened.database.transaction((transaction) => sessions.begin(transaction, sessionId, id));
    const [token, earlier] = [await resetToken(email), lastToken()];
    const other = await resetToken(email);
    assert.equal(token, earlier);
    await passwords.confirmReset(other, PASSWORD);
    const { passwordHash } = await accounts.read(id);
    assert.ok(await new Passwords().matches(PASSWORD, passwordHash));
    assert.equal(await isVerified(id), true, 'the token has shown it');
    const open = await opened.database.transaction((transaction) => sessions.openSessionsOf(transaction, id));
    assert.deepEqual(open, []);
    const revoked = (await sessions.revokedSince()).map(({ subjectId }) => subjectId);
    assert.ok([id, sessionId].every((subject) => revoked.includes(subject)));
    for (const used of [other, token])
      await assert.rejects(passwords.confirmReset(used, PASSWORD), { code: 'invalid_token' });
  });

  it('a weak new password is refused, and the token stays good', async () => {
    const { email } = await register();
    const token = await resetToken(email);
    await assert.rejects(passwords.confirmReset(token, 'passwordpassword'), { name: 'RequestInvalid' });
    await passwords.confirmReset(token, PASSWORD);
  });

  it('a token is used by one of those who use it at once', async () => {
    const { email } = await register();
    const token = await resetToken(email);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => passwords.confirmReset(token, PASSWORD).then(() => 'set', String)),
    );
    assert.equal(results.filter((result) => result === 'set').length, 1);
  });

  it('where addresses must be verified, registering a taken one is answered as for a free one', async () => {
    settings.EMAIL_VERIFICATION = 'required';
    const { id, email } = await register();
    mails.length = 0;
    const again = await accounts.register({ email, password: 'another long password', name: 'Eve' });
    await quiet();
    assert.notEqual(again.id, id);
    const { email: answered, name, roles, status, version, emailVerifiedAt } = again;
    assert.deepEqual(
      [answered, name, roles, status, version, emailVerifiedAt],
      [email, 'Eve', ['user'], 'active', 1, null],
    );
    assert.deepEqual(
      mails.map(({ to, subject }) => [to, subject]),
      [[email, 'Your email address has an account already']],
    );
    assert.equal((await accounts.read(id)).name, 'Ada');
  });

  it('without verification, none is sent and every address counts', async () => {
    settings.EMAIL_VERIFICATION = 'off';
    const { id } = await register();
    assert.deepEqual(mails, []);
    assert.equal(await isVerified(id), true);
  });
});
