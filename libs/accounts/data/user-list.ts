import { Injectable } from '@nestjs/common';
import { Database, type MadeBetween, type PageOfRows, RowSearch } from '@fissile/kit/database';
import type { User, UserStatus } from '../domain/user.js';
import { USER_WORDS } from './find-users.migration.js';

/** Which users an operator looks for: whatever is here must fit. */
export interface UserFilter extends MadeBetween {
  /** Words of the address and the name, each from its beginning on. */
  readonly text?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: UserStatus | undefined;
}

export type ListedUser = Pick<
  User,
  'id' | 'email' | 'name' | 'roles' | 'status' | 'createdAt' | 'emailVerifiedAt'
>;

const COLUMNS =
  'id, email, name, roles, status, created_at AS "createdAt", email_verified_at AS "emailVerifiedAt"';

/** The form of a role that can stand in a statement as it is. */
const PLAIN_ROLE = /^[\w-]+$/;

/** The users, for operators. */
@Injectable()
export class UserList {
  constructor(private readonly database: Database) {}

  /** Newest first, unless the page says otherwise. */
  search(page: PageOfRows, { text, role, status, ...made }: UserFilter): Promise<ListedUser[]> {
    const search = new RowSearch().whereWords(text, USER_WORDS);
    // As constants, so that PostgreSQL knows of rare ones as it plans: for any it would read the table from its end.
    if (role !== undefined && PLAIN_ROLE.test(role)) search.whereTrue(`roles @> '{${role}}'::text[]`);
    else search.where(role, (of) => `roles @> ARRAY[${of}::text]`);
    if (status !== undefined) search.whereTrue(`status = '${status}'`);
    return this.database.query<ListedUser>(
      `SELECT ${COLUMNS} FROM users ${search.made(made).page(page)}`,
      search.values,
    );
  }
}
