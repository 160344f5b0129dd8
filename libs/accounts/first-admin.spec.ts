import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AUDIT_MIGRATIONS, AuditLog } from '@fissile/kit/operations';
import type { DatabaseSettings } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { Passwords } from './data/passwords.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import { FirstAdmin } from './first-admin.js';
import type { UsersSettings } from './users.settings.js';

const EMAIL = 'admin@example.com';

describe('The first admin', () => {
  let opened: TestDatabase;

  before(async () => {
    opened = await openTestDatabase({
      entities: [UserEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...USERS_MIGRATIONS],
    });
  });
  after(() => opened.close());

  it('takes over an account that was registered with the email, removes its second factor and ends its sessions', async () => {
    const { database } = opened;
    const users = new UserRepository(database);
    const sessions = new SessionRepository(database);
    const factors = new SecondFactorRepository(database);
    const passwords = new Passwords();
    const [id, sessionId] = [uuidv7(), uuidv7()];
    await database.transaction(async (transaction) => {
      await users.insert(transaction, {
        id,
        email: EMAIL,
        name: 'Mallory',
        roles: ['user'],
        status: 'active',
        version: 1,
        passwordHash: await passwords.hash("Mallory's password"),
        passwordMustChange: false,
        createdAt: new Date(),
        emailVerifiedAt: null,
        erasedAt: null,
      });
      await sessions.begin(transaction, sessionId, id);
      await factors.begin(transaction, id, { secret: Buffer.alloc(9), encryptedBy: 'a key' });
      await factors.confirm(transaction, id, 1);
    });
    const settings = { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: "the operator's password" } as UsersSettings;
    const firstAdmin = new FirstAdmin(
      database,
      users,
      sessions,
      factors,
      passwords,
      settings,
      {} as DatabaseSettings,
      new AuditLog(database),
    );
    await firstAdmin.onApplicationBootstrap();

    const admin = await users.find(id);
    assert.deepEqual(admin?.roles, ['admin']);
    assert.equal(admin?.passwordMustChange, false, 'an operator has chosen it');
    assert.equal(await factors.find(id), undefined);
    assert.ok(await passwords.matches("the operator's password", admin?.passwordHash));
    assert.deepEqual(
      await database.transaction((transaction) => sessions.openSessionsOf(transaction, id)),
      [],
    );
    const revoked = (await sessions.revokedSince()).map(({ subjectId }) => subjectId);
    assert.deepEqual(revoked.sort(), [id, sessionId].sort());
  });

  it('is created once', async () => {
    const { database } = opened;
    const settings = { ADMIN_EMAIL: 'another@example.com', ADMIN_PASSWORD: 'another password' };
    const [users, sessions] = [new UserRepository(database), new SessionRepository(database)];
    await new FirstAdmin(
      database,
      users,
      sessions,
      new SecondFactorRepository(database),
      new Passwords(),
      settings as UsersSettings,
      {} as DatabaseSettings,
      new AuditLog(database),
    ).onApplicationBootstrap();
    assert.equal(await users.findByEmail('another@example.com'), undefined);
  });
});
