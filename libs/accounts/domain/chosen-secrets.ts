/** In the examples of the API. */
export const EXAMPLE_PASSWORD = 'correct horse battery staple';

/** Passwords that documents and examples show: everybody has read them. */
const PUBLISHED = [EXAMPLE_PASSWORD, 'the-tests-own-admin', 'only-for-tests'];

/** Words of secrets that somebody has typed. */
const TYPED = /secret|password|change.?me|example|default|admin|fissile|test/;

const MIN_LENGTH = 32;
/** Bits that random text of that length has at least, whatever its alphabet; a repeated word has fewer. */
const MIN_BITS = 96;

/** Whether a password is one of those that the documents show, however it is written. */
export function isPublished(password: string): boolean {
  const plain = plainOf(password);
  return PUBLISHED.some((known) => plain.startsWith(plainOf(known)));
}

/** Whether the text of a secret can be guessed: too short, too uniform, or words. */
export function isWeakSecret(secret: string): boolean {
  if (secret.length < MIN_LENGTH || TYPED.test(secret.toLowerCase()) || isPublished(secret)) return true;
  return secret.length * Math.log2(new Set(secret).size) < MIN_BITS;
}

function plainOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
