import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { SignInLinks } from '@fissile/kit/auth';
import { AUDIT_MIGRATIONS, AuditModule, keepsPersonalData, OperationsModule } from '@fissile/kit/operations';
import { CleanUp, Database, DatabaseModule } from '@fissile/kit/database';
import { requirePackages } from '@fissile/kit/host';
import { MailTransport } from '@fissile/kit/mail';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { SAGA_MIGRATIONS, SagaModule } from '@fissile/kit/saga';
import { Users } from '@fissile/kit/users';
import { accountCleanUp } from './account-clean-up.js';
import { AccountMailer } from './account-mailer.js';
import { AccountMails } from './account-mails.js';
import { AccountsService } from './accounts.service.js';
import { AuthController } from './api/auth.controller.js';
import { JwksController } from './api/jwks.controller.js';
import { PageSessionController } from './api/page-session.controller.js';
import { PasswordsController } from './api/passwords.controller.js';
import { SecondFactorController } from './api/second-factor.controller.js';
import { PersonalDataController } from './api/personal-data.controller.js';
import { SessionsController } from './api/sessions.controller.js';
import { UserSessionsController } from './api/user-sessions.controller.js';
import { UsersController } from './api/users.controller.js';
import { UsersHandler } from './api/users.handler.js';
import { VerificationController } from './api/verification.controller.js';
import { ConsoleSignIn } from './console-sign-in.js';
import { SignInLinkController } from './api/sign-in-link.controller.js';
import { Authentication } from './authentication.js';
import { AccountMailRepository } from './data/account-mail-repository.js';
import { AccountTokenRepository } from './data/account-token-repository.js';
import { AccountTracesRepository } from './data/account-traces-repository.js';
import { KeyRepository } from './data/key-repository.js';
import { LoginAttemptRepository } from './data/login-attempt-repository.js';
import { Passwords } from './data/passwords.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';
import { SessionList } from './data/session-list.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserList } from './data/user-list.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import { setRoles } from './domain/roles.js';
import { EmailVerification } from './email-verification.js';
import { ForcedSignOut } from './forced-sign-out.js';
import { FirstAdmin } from './first-admin.js';
import { KeyRing } from './key-ring.js';
import { LoginAttempts } from './login-attempts.js';
import { OwnSessions } from './own-sessions.js';
import { NewPasswords } from './new-passwords.js';
import { OwnerProof } from './owner-proof.js';
import { PasswordChanges } from './password-changes.js';
import { SecondFactorChanges } from './second-factor-changes.js';
import { SecondFactorRenewal } from './second-factor-renewal.js';
import { SecondFactors } from './second-factors.js';
import { AccountErasure } from './personal-data/account-erasure.js';
import { AccountRecords } from './personal-data/account-records.js';
import { EraseAccountSaga } from './personal-data/erase-account.saga.js';
import { ExternalErasure } from './personal-data/external-erasure.js';
import { PersonalExport } from './personal-data/personal-export.js';
import { SessionCleanUp } from './session-clean-up.js';
import { SessionEndings } from './session-endings.js';
import { SessionsService } from './sessions.service.js';
import { SignIn } from './sign-in.js';

const CONTROLLERS = [
  PersonalDataController,
  UsersController,
  VerificationController,
  PasswordsController,
  SecondFactorController,
  SessionsController,
  UserSessionsController,
  AuthController,
  SignInLinkController,
  PageSessionController,
  JwksController,
];

const PROVIDERS = [
  UserRepository,
  UserList,
  SessionRepository,
  KeyRepository,
  SecretBox,
  Passwords,
  KeyRing,
  LoginAttemptRepository,
  LoginAttempts,
  MailTransport,
  AccountMailRepository,
  AccountTokenRepository,
  AccountMailer,
  AccountMails,
  { provide: CleanUp, inject: [Database], useFactory: accountCleanUp },
  EmailVerification,
  Authentication,
  NewPasswords,
  SecondFactorRepository,
  SecondFactors,
  OwnerProof,
  SecondFactorChanges,
  SecondFactorRenewal,
  AccountsService,
  SignIn,
  ConsoleSignIn,
  { provide: SignInLinks, useExisting: ConsoleSignIn },
  SessionsService,
  SessionEndings,
  SessionList,
  OwnSessions,
  ForcedSignOut,
  PasswordChanges,
  SessionCleanUp,
  FirstAdmin,
  AccountTracesRepository,
  EraseAccountSaga,
  ExternalErasure,
  AccountErasure,
  AccountRecords,
  keepsPersonalData('users', AccountRecords),
  PersonalExport,
  UsersHandler,
  implement(Users, 'users', UsersHandler),
];

export interface AccountsOptions {
  /** The roles that an account can have, beside `admin`. A new account has the first. */
  readonly roles: readonly string[];
  /** Further tables of the product in the database of this context. */
  readonly entities?: readonly Type[];
  readonly migrations?: readonly Type<MigrationInterface>[];
}

/**
 * The context `users`: accounts, roles, sessions and the keys that sign access tokens. The module of a product's context
 * imports it, and may have controllers and providers of its own, which use the same database.
 */
@Module({})
export class AccountsModule {
  static for({ roles, entities = [], migrations = [] }: AccountsOptions): DynamicModule {
    requirePackages('The context users', ['@node-rs/argon2', '@zxcvbn-ts/language-common']);
    setRoles(roles);
    const database = DatabaseModule.forContext('users', {
      entities: [UserEntity, ...entities],
      migrations: [
        ...MESSAGING_MIGRATIONS,
        ...AUDIT_MIGRATIONS,
        ...SAGA_MIGRATIONS,
        ...USERS_MIGRATIONS,
        ...migrations,
      ],
    });
    const messaging = MessagingModule.forContext(database);
    const audit = AuditModule.forContext(database);
    const sagas = SagaModule.forContext(database, messaging);
    const operations = OperationsModule.forContext('users', { database, messaging, audit, sagas });
    return {
      module: AccountsModule,
      imports: [database, messaging, audit, sagas, operations],
      controllers: CONTROLLERS,
      providers: PROVIDERS,
      exports: [database, messaging, audit, sagas],
    };
  }
}
