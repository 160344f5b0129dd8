import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));

/** Whether a lower-case text is a common password. */
export function isCommonPassword(password: string): boolean {
  return common.has(password);
}
