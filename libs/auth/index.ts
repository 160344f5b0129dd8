export { AccessTokenVerifier, bearerToken } from './access-token-verifier.js';
export {
  type AccessTokenClaims,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from './access-token.js';
export { AccessRefusals, type RefusedAccess } from './access-refusals.js';
export { AccessGuard } from './access.guard.js';
export { AuthModule } from './auth.module.js';
export { AuthSettings } from './auth.settings.js';
export { CurrentUser, isAdmin, ownerFilter } from './current-user.js';
export { OidcProvider } from './oidc/oidc-provider.js';
export { OidcSettings } from './oidc/oidc.settings.js';
export { asClientPath, PAGE_ROUTES } from './page-routes.js';
export { RevocationBroadcast } from './revocation-broadcast.js';
export { Revocations } from './revocations.js';
export { mayUseSignInLink, SIGN_IN_LINK_PATH, SignInLinks } from './sign-in-links.js';
