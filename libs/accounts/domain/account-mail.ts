/** Why a mail goes to the address of an account. */
export type AccountMailKind =
  'verification' | 'password_reset' | 'already_registered' | 'password_changed' | SecondFactorMail;

export type SecondFactorMail =
  'second_factor_added' | 'second_factor_removed' | 'recovery_codes_renewed' | 'recovery_code_used';

export interface AccountMailText {
  readonly subject: string;
  readonly text: string;
}

/** What a mail says of its token: the link when there are pages to lead to, and the token itself. */
export interface TokenInMail {
  readonly token: string;
  readonly minutes: number;
  /** Where users reach the product's pages. */
  readonly publicUrl: string | undefined;
}

/*
 * The texts contain nothing that a caller chose, so that nobody can have the product write to others what they like. A link comes
 * from a setting alone, never from a Host header. The token is in the fragment: browsers send that to no server.
 */

export function verificationMail(token: TokenInMail): AccountMailText {
  return {
    subject: 'Confirm your email address',
    text: [
      'Somebody has made an account with this email address. If that was you, confirm that the address is yours.',
      instructions(token, 'verify', '/api/users/verification/confirm'),
      'If it was not you, do nothing: no other mail will come. You can take the account over by asking for a new password.',
    ].join('\n\n'),
  };
}

export function passwordResetMail(token: TokenInMail): AccountMailText {
  return {
    subject: 'Choose a new password',
    text: [
      'Somebody has asked for a new password for the account with this email address. If that was you, choose one.',
      instructions(token, 'reset', '/api/auth/password-reset/confirm'),
      'If it was not you, do nothing: the password stays as it is.',
    ].join('\n\n'),
  };
}

export function alreadyRegisteredMail(token: TokenInMail): AccountMailText {
  return {
    subject: 'Your email address has an account already',
    text: [
      'Somebody has tried to make an account with this email address, which has one. If that was you, sign in, or choose a new password.',
      instructions(token, 'reset', '/api/auth/password-reset/confirm'),
      'If it was not you, do nothing: the account stays as it is.',
    ].join('\n\n'),
  };
}

export function passwordChangedMail(): AccountMailText {
  return {
    subject: 'Your password was changed',
    text: 'The password of the account with this email address was changed, and its other sessions have ended.\n\nIf it was not you, ask for a new password at once.',
  };
}

const SECOND_FACTOR_MAILS: Readonly<Record<SecondFactorMail, AccountMailText>> = {
  second_factor_added: {
    subject: 'Your account has a second factor now',
    text: 'Signing in to the account with this email address needs a code of an app from now on, and its other sessions have ended.\n\nIf you have not set that up, ask whoever runs this product to remove it, and change your password.',
  },
  second_factor_removed: {
    subject: 'Your account has no second factor any more',
    text: 'The second factor of the account with this email address was removed: its password is enough to sign in.\n\nIf it was not you, and you have not asked for it, choose a new password at once.',
  },
  recovery_codes_renewed: {
    subject: 'Your recovery codes were renewed',
    text: 'The account with this email address has new recovery codes; the earlier ones are good no more.\n\nIf it was not you, choose a new password at once.',
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    text: 'Somebody has used a recovery code of the account with this email address, which is good no more.\n\nIf it was not you, choose a new password at once.',
  },
};

export function secondFactorMail(kind: SecondFactorMail): AccountMailText {
  return SECOND_FACTOR_MAILS[kind];
}

function instructions({ token, minutes, publicUrl }: TokenInMail, name: string, route: string): string {
  const link = publicUrl && `${publicUrl.replace(/\/$/, '')}/account#${name}=${token}`;
  const validity = `It is good once, for ${minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`}.`;
  const ofApi = `The token for POST ${route} is ${token}`;
  return [...(link ? [link] : []), ofApi, validity].join('\n');
}
