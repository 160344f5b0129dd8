import { refused } from '@fissile/kit/contract';

export const userErrors = {
  invalid_credentials: refused(
    401,
    'The email or the password is wrong',
    'Check both; nothing says which of them is wrong, or whether the account exists',
  ),
  second_factor_required: refused(
    401,
    'A code of the second factor is needed too',
    'Send the six digits that the authenticator app shows, or a recovery code, as `code`',
  ),
  invalid_code: refused(
    401,
    'The code is wrong or used',
    'Send the code that the authenticator app shows now; each code counts once',
  ),
  password_change_required: refused(
    403,
    'The password must be changed: send another one as newPassword',
    'The password was generated or set by somebody else; sign in with it and a `newPassword`',
  ),
  invalid_refresh_token: refused(
    401,
    'The refresh token is not valid',
    'It is unknown, expired, used before or revoked; sign in again',
  ),
  account_disabled: refused(
    403,
    'The account is disabled',
    'An admin disabled the account, and can enable it again',
  ),
  invalid_token: refused(
    400,
    'The token is wrong, used or expired',
    'Ask for a new mail or link; each token counts once and for a limited time',
  ),
  user_not_found: refused(404, 'There is no such user', 'No account has this id, or it was erased'),
  session_not_found: refused(
    404,
    'There is no such session',
    'No session of this account has this id, or it has ended',
  ),
  email_not_verified: refused(
    403,
    'The email address must be verified first',
    'Open the link in the mail that was sent at registration; POST /api/users/verification sends another',
  ),
  second_factor_not_found: refused(
    404,
    'There is no such second factor',
    'No confirmed second factor belongs to the account, or none was begun',
  ),
  second_factor_exists: refused(
    409,
    'The account has a second factor already',
    'Remove it with a code before adding another',
  ),
  registration_closed: refused(
    403,
    'No new accounts are taken now',
    'FEATURE_REGISTRATION is off; an admin can open registration again',
  ),
  email_taken: refused(
    409,
    'The email belongs to an account already',
    'Sign in with it, or ask for a password reset',
  ),
  user_erased: refused(
    409,
    'The account is erased',
    'An erased account does not come back; register a new one',
  ),
  sign_in_too_old: refused(
    403,
    'Sign in at your provider again: the last time was too long ago',
    'What cannot be taken back needs a sign-in within the last ten minutes',
  ),
  user_not_erased: refused(
    409,
    'The account has not been erased',
    'Contexts forget a person only after the account was erased',
  ),
  export_too_large: refused(
    413,
    'There is more than one answer can have; ask whoever runs the product',
    'GET /api/users/me/export answers at once, with a limit on the size of each part',
  ),
  last_admin: refused(
    409,
    'The last active admin must stay one',
    'Make another active account an admin before disabling, demoting or erasing this one',
  ),
} as const;
