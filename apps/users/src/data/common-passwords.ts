import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));

/** Whether a text in small letters is among the passwords that many people use. */
export function isCommonPassword(password: string): boolean {
  return common.has(password);
}
