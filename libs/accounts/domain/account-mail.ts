/** Why a mail goes to the address of an account. */
export type AccountMailKind = 'verification' | 'password_reset' | 'already_registered' | 'password_changed';

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

function instructions({ token, minutes, publicUrl }: TokenInMail, name: string, route: string): string {
  const link = publicUrl && `${publicUrl.replace(/\/$/, '')}/account#${name}=${token}`;
  const validity = `It is good once, for ${minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`}.`;
  const ofApi = `The token for POST ${route} is ${token}`;
  return [...(link ? [link] : []), ofApi, validity].join('\n');
}
