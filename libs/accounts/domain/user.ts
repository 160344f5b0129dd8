export type UserStatus = 'active' | 'disabled';

export interface User {
  readonly id: string;
  /** Normalised. */
  readonly email: string;
  readonly name: string;
  readonly roles: string[];
  readonly status: UserStatus;
  readonly passwordHash: string;
  /** Whether the next login must bring another password: somebody else has seen this one. */
  readonly passwordMustChange: boolean;
  /** Incremented by each change. */
  readonly version: number;
  readonly createdAt: Date;
  /** When it was shown that the address is the user's; null until then. */
  readonly emailVerifiedAt: Date | null;
  /** When its owner had it erased: what else is here is said of nobody then. */
  readonly erasedAt: Date | null;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly roles?: string[] | undefined;
  readonly status?: UserStatus | undefined;
}

/** The user with a password of their own choice. */
export function withPassword(user: User, passwordHash: string): User {
  return { ...user, passwordHash, passwordMustChange: false, version: user.version + 1 };
}

export function isActiveAdmin({ roles, status }: Pick<User, 'roles' | 'status'>): boolean {
  return status === 'active' && roles.includes('admin');
}

/** Whether tokens issued before the change grant too much after it. */
export function endsTokens(before: User, after: User): boolean {
  return (
    after.status === 'disabled' ||
    before.roles.some((role) => !after.roles.includes(role)) ||
    after.roles.some((role) => !before.roles.includes(role))
  );
}
