export { AccessGuard } from './access.guard.js';
export { ACCESS, AdminOnly, Public, SignedIn, type Access } from './access.js';
export {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
  type AccessTokenClaims,
} from './access-token.js';
export { AccessTokenVerifier } from './access-token-verifier.js';
export { AuthModule } from './auth.module.js';
export { AuthSettings } from './auth.settings.js';
export { CurrentUser, isAdmin, requireCaller } from './current-user.js';
export { RevocationBroadcast } from './revocation-broadcast.js';
export { Revocations } from './revocations.js';
