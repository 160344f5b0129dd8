import { Injectable } from '@nestjs/common';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import type {
  FindUsersRequest,
  FindUsersResponse,
  GetContactRequest,
  GetContactResponse,
  GetContactsRequest,
  GetContactsResponse,
  GetSigningKeysResponse,
  ListRevocationsRequest,
  ListRevocationsResponse,
  Users,
} from '@fissile/kit/users';
import { Id } from '@fissile/kit/http';
import { SessionRepository } from '../data/session-repository.js';
import { type Contact, UserRepository } from '../data/user-repository.js';
import { EmailVerification } from '../email-verification.js';
import { KeyRing } from '../key-ring.js';

/** The contract that other contexts call. */
@Injectable()
export class UsersHandler implements Implementation<typeof Users> {
  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly keys: KeyRing,
    private readonly verification: EmailVerification,
  ) {}

  async getContact({ userId }: GetContactRequest): Promise<GetContactResponse> {
    const [user] = Id.safeParse(userId).success ? await this.users.contacts([userId]) : [];
    if (!user) throw ContextError.of('user_not_found');
    return this.toContact(user);
  }

  async getContacts({ userIds }: GetContactsRequest): Promise<GetContactsResponse> {
    const users = await this.users.contacts(userIds.filter((id) => Id.safeParse(id).success));
    return { contacts: users.map((user) => this.toContact(user)) };
  }

  async findUsers({ userIds, email }: FindUsersRequest): Promise<FindUsersResponse> {
    const ids = userIds.filter((id) => Id.safeParse(id).success);
    const [byId, byEmail] = await Promise.all([
      ids.length === 0 ? [] : this.users.contacts(ids),
      email === undefined ? undefined : this.users.findByEmail(email.trim().toLowerCase()),
    ]);
    const found = [...byId, ...(byEmail && byEmail.erasedAt === null ? [byEmail] : [])];
    return { users: found.map(({ id: userId, email: address, name }) => ({ userId, email: address, name })) };
  }

  private toContact(user: Contact): GetContactResponse {
    const { id: userId, email, name } = user;
    return { userId, email, name, emailVerified: this.verification.counts(user) };
  }

  async getSigningKeys(): Promise<GetSigningKeysResponse> {
    return { keys: (await this.keys.publicKeys()).map((key) => JSON.stringify(key)) };
  }

  async listRevocations({ since }: ListRevocationsRequest): Promise<ListRevocationsResponse> {
    const asOf = await this.sessions.now();
    return { revocations: await this.sessions.revokedSince(since), asOf };
  }
}
