import { z } from 'zod';
import { isSecureUrl } from './secure-url.js';

const endpoint = () => z.string().refine(isSecureUrl, 'expected a secure address');

/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0), as far as it is needed here. */
const ProviderMetadata = z.object({
  issuer: z.string(),
  jwks_uri: endpoint(),
  authorization_endpoint: endpoint().optional(),
  token_endpoint: endpoint().optional(),
  end_session_endpoint: endpoint().optional(),
});
export type ProviderMetadata = z.output<typeof ProviderMetadata>;

/** Providers differ in whether their name ends with a slash; tokens carry it as the provider writes it. */
export function isSameIssuer(one: string, other: string): boolean {
  return withoutSlash(one) === withoutSlash(other);
}

/** @param issuer as AUTH_ISSUER has it */
export function discoveryUrl(issuer: string): string {
  return `${withoutSlash(issuer)}/.well-known/openid-configuration`;
}

/** @throws Error when it is not the document of this issuer, or lacks what is needed */
export function readMetadata(document: unknown, issuer: string): ProviderMetadata {
  const { data, error } = ProviderMetadata.safeParse(document);
  if (!data) {
    const errors = error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
    throw new Error(`its discovery document is not valid: ${errors.join('; ')}`);
  }
  if (!isSameIssuer(data.issuer, issuer)) throw new Error(`its discovery document is that of ${data.issuer}`);
  return data;
}

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, '');
}
