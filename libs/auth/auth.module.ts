import { type DynamicModule, Module } from '@nestjs/common';
import { AccessGuard } from './access.guard.js';
import type { Contract } from '@fissile/kit/contract';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { OidcProvider } from './oidc/oidc-provider.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import { RevocationWatch } from './revocation-watch.js';
import { Revocations } from './revocations.js';
import { SigningKeys } from './signing-keys.js';
import { NO_ISSUER, TokenIssuer } from './token-issuer.js';

@Module({})
export class AuthModule {
  /** @param tokenIssuer the product's contract that signs access tokens */
  static forProcess(tokenIssuer: Contract | undefined): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        tokenIssuer
          ? { provide: TokenIssuer, useExisting: tokenIssuer }
          : { provide: TokenIssuer, useValue: NO_ISSUER },
        SigningKeys,
        Revocations,
        RevocationWatch,
        OidcProvider,
        OidcTokens,
        AccessTokenVerifier,
        AccessGuard,
      ],
      exports: [AccessGuard, AccessTokenVerifier, OidcProvider, Revocations],
    };
  }
}
