import { refused } from '@fissile/kit/contract';

export const userErrors = {
  invalid_credentials: refused(401, 'The email or the password is wrong'),
  second_factor_required: refused(401, 'A code of the second factor is needed too'),
  invalid_code: refused(401, 'The code is wrong or used'),
  password_change_required: refused(403, 'The password must be changed: send another one as newPassword'),
  invalid_refresh_token: refused(401, 'The refresh token is not valid'),
  account_disabled: refused(403, 'The account is disabled'),
  invalid_token: refused(400, 'The token is wrong, used or expired'),
  user_not_found: refused(404, 'There is no such user'),
  session_not_found: refused(404, 'There is no such session'),
  email_not_verified: refused(403, 'The email address must be verified first'),
  second_factor_not_found: refused(404, 'There is no such second factor'),
  second_factor_exists: refused(409, 'The account has a second factor already'),
  registration_closed: refused(403, 'No new accounts are taken now'),
  email_taken: refused(409, 'The email belongs to an account already'),
  user_erased: refused(409, 'The account is erased'),
  sign_in_too_old: refused(403, 'Sign in at your provider again: the last time was too long ago'),
  user_not_erased: refused(409, 'The account has not been erased'),
  export_too_large: refused(413, 'There is more than one answer can have; ask whoever runs the product'),
  last_admin: refused(409, 'The last active admin must stay one'),
} as const;
