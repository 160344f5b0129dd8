import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@fissile/kit/database';
import type { User } from '../domain/user.js';
import { UserEntity } from './user.entity.js';

/** Any number, as long as all that change admins request the same lock. */
const ADMINS_LOCK = 7_315_003;

/** Other contexts read contacts often, so this is one plain statement. Nobody is at an address that is erased. */
const CONTACTS = `
  SELECT id, email, name, email_verified_at AS "emailVerifiedAt" FROM users
  WHERE id = ANY($1::uuid[]) AND erased_at IS NULL`;

export type Contact = Pick<User, 'id' | 'email' | 'name' | 'emailVerifiedAt'>;

@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  /** Returns those that exist, in any order. */
  contacts(ids: readonly string[]): Promise<Contact[]> {
    return this.database.query<Contact>(CONTACTS, [ids]);
  }

  async find(id: string): Promise<User | undefined> {
    return (await this.database.repository(UserEntity).findOneBy({ id })) ?? undefined;
  }

  async findByEmail(email: string): Promise<User | undefined> {
    return (await this.database.repository(UserEntity).findOneBy({ email })) ?? undefined;
  }

  async insert(transaction: Transaction, user: User): Promise<void> {
    await transaction.repository(UserEntity).insert(user);
  }

  /** Reads a user who is about to change, and locks the row until the transaction ends. */
  async lock(transaction: Transaction, id: string): Promise<User | undefined> {
    const repository = transaction.repository(UserEntity);
    return (await repository.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } })) ?? undefined;
  }

  /** Reads a user who is about to receive tokens, and locks the row against changes until the transaction ends. */
  async lockAsIs(transaction: Transaction, id: string): Promise<User | undefined> {
    const repository = transaction.repository(UserEntity);
    return (await repository.findOne({ where: { id }, lock: { mode: 'pessimistic_read' } })) ?? undefined;
  }

  async update(transaction: Transaction, user: User): Promise<void> {
    await transaction.repository(UserEntity).update({ id: user.id }, user);
  }

  /** Serialises changes of admins. */
  async lockAdmins(transaction: Transaction): Promise<void> {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
  }

  async countActiveAdmins(transaction: Transaction): Promise<number> {
    const [row] = await transaction.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM users WHERE 'admin' = ANY(roles) AND status = 'active'`,
    );
    return row?.count ?? 0;
  }
}
