import { Module } from '@nestjs/common';
import { AccountsModule } from '@fissile/kit/accounts';

/** Accounts are the kit's; which roles there are is the shop's to say. */
@Module({ imports: [AccountsModule.for({ roles: ['customer'] })] })
export class UsersModule {
  static readonly context = 'users';
}
