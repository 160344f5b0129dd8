import { Injectable } from '@nestjs/common';
import { RequestInvalid } from '@fissile/kit/http';
import { commonPasswords } from './data/common-passwords.js';
import { Passwords } from './data/passwords.js';
import { weaknessOf } from './domain/password-rules.js';
import type { User } from './domain/user.js';

/** Hashes the passwords that users choose, unless they are easy to guess. */
@Injectable()
export class NewPasswords {
  constructor(private readonly passwords: Passwords) {}

  /**
   * @param path the field that has it
   * @throws RequestInvalid for a weak one
   */
  async hash(password: string, { email }: Pick<User, 'email'>, path: string): Promise<string> {
    const message = weaknessOf(password, email, await commonPasswords());
    if (message) throw new RequestInvalid([{ path, message }]);
    return this.passwords.hash(password);
  }

  /** The same, of one that must be another than the password was. */
  async hashOfOther(password: string, user: User, path: string): Promise<string> {
    if (await this.passwords.matches(password, user.passwordHash)) {
      throw new RequestInvalid([{ path, message: 'expected another password than the current one' }]);
    }
    return this.hash(password, user, path);
  }
}
