import { z } from 'zod';
import { address, flag, list, settings, SettingsGroup, textLike } from '@fissile/kit/config';
import { isSecureUrl } from './secure-url.js';

const ISSUER_FORM =
  'an address without user, query and fragment, https:// in production unless it is a loopback address';

const claimName = (byDefault: string) =>
  z.string().min(1, 'expected the name of a claim').max(200).default(byDefault);

/** Tokens of an external OpenID provider, and how people sign in there. Nothing of it applies without AUTH_ISSUER. */
@SettingsGroup()
export class OidcSettings extends settings(
  {
    AUTH_ISSUER: {
      schema: address('https', 'http')
        .refine(isIssuer, `expected ${ISSUER_FORM}`)
        .refine(isSecureUrl, `expected ${ISSUER_FORM}`)
        .optional(),
      description:
        'The OpenID provider whose access tokens are accepted, as it names itself in `iss`. Its keys are found by discovery.',
    },
    AUTH_AUDIENCE: {
      schema: list().default([]),
      description: 'Who the access tokens of AUTH_ISSUER must be for: one of these names must be in `aud`.',
    },
    AUTH_SUBJECT_CLAIM: {
      schema: claimName('sub'),
      description:
        'The claim that identifies the user. A UUID is the id of the user; from other text a UUID is derived.',
    },
    AUTH_EMAIL_CLAIM: {
      schema: claimName('email'),
      description: "The claim with the user's email address.",
    },
    AUTH_ROLES_CLAIM: {
      schema: claimName('roles'),
      description:
        "The claim with the user's roles, or the path to it, such as `realm_access.roles`: a list, or names separated by spaces.",
    },
    AUTH_ROLE_MAP: {
      schema: list()
        .default([])
        .pipe(z.array(textLike(/^.+=[^=\s]+$/, 'name-at-the-provider=role'))),
      description:
        'Which roles of AUTH_ISSUER are which here, such as `staff-admins=admin`; others are then ignored. Without it they keep their names.',
    },
    AUTH_OWN_TOKENS: {
      schema: flag().default(true),
      description: "Whether tokens of the product's own users are accepted beside those of AUTH_ISSUER.",
    },
    AUTH_CLIENT_ID: {
      schema: z.string().min(1).max(200).optional(),
      description:
        'The public client at AUTH_ISSUER with which people sign in to the console; it has no secret.',
    },
    AUTH_SCOPE: {
      schema: textLike(/(^|\s)openid(\s|$)/, 'scopes separated by spaces, openid among them').default(
        'openid profile email',
      ),
      description:
        'The scopes that the console asks for; with `offline_access` most providers give a refresh token.',
    },
    AUTH_SIGN_IN_PARAMETERS: {
      schema: list()
        .default([])
        .pipe(z.array(textLike(/^[a-z_]+=.+$/, 'name=value'))),
      description:
        'More parameters of the request to sign in, such as `audience=https://api.example` or `resource=https://api.example`.',
    },
  },
  (values) => [...missingBeside(values), ...refusedParameters(values.AUTH_SIGN_IN_PARAMETERS)],
) {}

/** What the console sets itself: another value would undo a check. */
const RESERVED = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'nonce',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
];

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === '' && !/[?#]/.test(text);
}

function missingBeside(values: {
  readonly AUTH_ISSUER: string | undefined;
  readonly AUTH_AUDIENCE: readonly string[];
  readonly AUTH_ROLE_MAP: readonly string[];
  readonly AUTH_OWN_TOKENS: boolean;
  readonly AUTH_CLIENT_ID: string | undefined;
}): string[] {
  if (values.AUTH_ISSUER !== undefined) {
    return values.AUTH_AUDIENCE.length > 0
      ? []
      : [
          'AUTH_AUDIENCE (not set): expected with AUTH_ISSUER; without it, a token for any other service is good here',
        ];
  }
  const needing = [
    values.AUTH_AUDIENCE.length > 0 && 'AUTH_AUDIENCE',
    values.AUTH_ROLE_MAP.length > 0 && 'AUTH_ROLE_MAP',
    values.AUTH_CLIENT_ID !== undefined && 'AUTH_CLIENT_ID',
    !values.AUTH_OWN_TOKENS && 'AUTH_OWN_TOKENS=false',
  ].filter((name) => name !== false);
  return needing.length === 0 ? [] : [`AUTH_ISSUER (not set): expected with ${needing.join(', ')}`];
}

function refusedParameters(parameters: readonly string[]): string[] {
  return parameters
    .map((parameter) => parameter.slice(0, parameter.indexOf('=')))
    .filter((name) => RESERVED.includes(name))
    .map((name) => `AUTH_SIGN_IN_PARAMETERS: ${name} cannot be set; the console sets it`);
}
