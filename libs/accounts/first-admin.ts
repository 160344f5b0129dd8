import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '@fissile/kit/operations';
import { Database, DatabaseSettings, type Transaction } from '@fissile/kit/database';
import { Passwords } from './data/passwords.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SessionRepository } from './data/session-repository.js';
import { UserRepository } from './data/user-repository.js';
import { UsersSettings } from './users.settings.js';

const CREDENTIALS_FILE = 'admin-credentials.json';

const MAKE_ADMIN = `
  INSERT INTO users (id, email, name, password_hash, password_must_change, roles, status, email_verified_at)
  VALUES ($1, $2, 'Administrator', $3, $4, '{admin}', 'active', now())
  ON CONFLICT (email) DO UPDATE
  SET password_hash = excluded.password_hash, password_must_change = excluded.password_must_change, roles = '{admin}', status = 'active', version = users.version + 1,
    email_verified_at = coalesce(users.email_verified_at, now())
  RETURNING id`;

/** Ensures that there is an admin. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly factors: SecondFactorRepository,
    private readonly passwords: Passwords,
    private readonly settings: UsersSettings,
    private readonly data: DatabaseSettings,
    private readonly audit: AuditLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const email = this.settings.ADMIN_EMAIL;
    const given = this.settings.ADMIN_PASSWORD;
    const password = given ?? randomBytes(15).toString('base64url');
    const isGenerated = given === undefined;
    const made = await this.makeWhenMissing(email, password, isGenerated);
    if (made && isGenerated) this.publish(email, password);
  }

  private makeWhenMissing(email: string, password: string, isGenerated: boolean): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await this.users.lockAdmins(transaction);
      if ((await this.users.countActiveAdmins(transaction)) > 0) return false;
      await this.make(transaction, email, await this.passwords.hash(password), isGenerated);
      return true;
    });
  }

  /**
   * Someone may have registered the admin's email earlier. So that they do not become admin, the operator's password
   * replaces theirs, their second factor goes, and their sessions end.
   */
  private async make(
    transaction: Transaction,
    email: string,
    passwordHash: string,
    mustChange: boolean,
  ): Promise<void> {
    const values = [uuidv7(), email, passwordHash, mustChange];
    const [admin] = await transaction.query<{ id: string }>(MAKE_ADMIN, values);
    if (!admin) throw new Error('the first admin was not made');
    await this.factors.remove(transaction, admin.id);
    await this.audit.record(transaction, { action: 'admin.made', subject: admin.id });
    const sessions = await this.sessions.openSessionsOf(transaction, admin.id);
    await this.sessions.end(transaction, sessions, 'ended_by_admin', admin.id);
  }

  private publish(email: string, password: string): void {
    const file = join(this.data.DATA_DIR, CREDENTIALS_FILE);
    mkdirSync(this.data.DATA_DIR, { recursive: true });
    writeFileSync(file, `${JSON.stringify({ email, password })}\n`, { mode: 0o600 });
    // Not through the logger: logs are stored and forwarded.
    console.log(`\n  The first admin: ${email} with the password ${password}`);
    console.log(`  This is shown once. It is also in ${file}, which you may delete.`);
    console.log('  The first sign-in, such as that of the console, asks for another one in its place.');
  }
}
