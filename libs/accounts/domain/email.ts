import { z } from 'zod';

const MAX_EMAIL_LENGTH = 254;

/** An email address, in the normal form under which it belongs to one account. */
export const Email = z
  .string()
  .max(MAX_EMAIL_LENGTH, `expected at most ${MAX_EMAIL_LENGTH} characters`)
  .transform(normaliseEmail)
  .pipe(z.email('expected an email address'))
  .meta({ example: 'ada@example.com' });

/** Addresses that differ only in case or Unicode normalisation are equal. */
function normaliseEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase();
}
