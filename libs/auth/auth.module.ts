import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccessPolicyCheck } from './access-policy-check.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { RevocationWatch } from './revocation-watch.js';
import { Revocations } from './revocations.js';
import { SigningKeys } from './signing-keys.js';

@Module({})
export class AuthModule {
  static forProcess(): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        SigningKeys,
        Revocations,
        RevocationWatch,
        AccessTokenVerifier,
        AccessPolicyCheck,
        AccessGuard,
      ],
      exports: [AccessGuard, AccessTokenVerifier, Revocations],
    };
  }
}
