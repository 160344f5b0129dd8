import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { Users } from '#contracts/users';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { AccountsService } from './accounts.service.js';
import { AuthController } from './api/auth.controller.js';
import { JwksController } from './api/jwks.controller.js';
import { UsersController } from './api/users.controller.js';
import { UsersHandler } from './api/users.handler.js';
import { KeyRepository } from './data/key-repository.js';
import { Passwords } from './data/passwords.js';
import { SecretBox } from './data/secret-box.js';
import { SessionRepository } from './data/session-repository.js';
import { UserEntity } from './data/user.entity.js';
import { UserRepository } from './data/user-repository.js';
import { USERS_MIGRATIONS } from './data/users.migration.js';
import { FirstAdmin } from './first-admin.js';
import { KeyRing } from './key-ring.js';
import { LoginAttempts } from './login-attempts.js';
import { SessionCleanUp } from './session-clean-up.js';
import { SessionsService } from './sessions.service.js';

const database = DatabaseModule.forContext('users', {
  entities: [UserEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...USERS_MIGRATIONS],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [database, messaging, audit, OperationsModule.forContext('users', { database, messaging, audit })],
  controllers: [UsersController, AuthController, JwksController],
  providers: [
    UserRepository,
    SessionRepository,
    KeyRepository,
    SecretBox,
    Passwords,
    KeyRing,
    LoginAttempts,
    AccountsService,
    SessionsService,
    SessionCleanUp,
    FirstAdmin,
    UsersHandler,
    implement(Users, 'users', UsersHandler),
  ],
})
export class UsersModule {
  static readonly context = 'users';
}
