export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 128;

const SEQUENCES = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm'];

/**
 * Why a password is too easy to guess; undefined when it is not. Rejects only what attackers try first: rules about
 * special characters and digits make passwords worse (NIST SP 800-63B, 3.1.1.2).
 * @param isCommon whether a lower-case text is a common password
 */
export function weaknessOf(
  password: string,
  email: string,
  isCommon: (password: string) => boolean,
): string | undefined {
  const lower = password.toLowerCase();
  const [localPart = ''] = email.split('@');
  if (lower === email || lower === localPart || isRepeated(lower, localPart))
    return 'expected no copy of the email';
  if (isCommon(lower) || isRepeatOf(lower, (part) => part.length === 1 || isCommon(part))) {
    return 'expected a password that is not among the common ones';
  }
  if (SEQUENCES.some((sequence) => isRepeatedRunOf(lower, sequence))) return 'expected no plain sequence';
  return undefined;
}

function isRepeated(text: string, part: string): boolean {
  return (
    part.length > 0 && text.length % part.length === 0 && part.repeat(text.length / part.length) === text
  );
}

/** Whether the text is a repetition of one part that passes the test. */
function isRepeatOf(text: string, test: (part: string) => boolean): boolean {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const part = text.slice(0, length);
    if (isRepeated(text, part) && test(part)) return true;
  }
  return false;
}

function isRepeatedRunOf(text: string, sequence: string): boolean {
  const reversed = [...sequence].reverse().join('');
  return sequence.includes(text) || reversed.includes(text);
}
