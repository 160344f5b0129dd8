import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const COUNT = 10;
/** 120 bits: too many to guess, also for who has the hashes, so a plain hash keeps them (as of 112 bits). */
const BYTES = 15;
const GROUP_LENGTH = 6;
/** Of base32 as Crockford has it: no letter looks like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BITS = 5;

/** New codes, such as `8xk2m4-…`, each of four groups. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, newCode);
}

/** However it is written: letters of either case, with other separators or none. */
export function hashOfRecoveryCode(code: string): Buffer {
  const plain = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  return createHash('sha256').update(plain).digest();
}

/** Looks at all of them, so that the time says nothing of which one it is. */
export function findHash(hashes: readonly Buffer[], wanted: Buffer): Buffer | undefined {
  let found: Buffer | undefined;
  for (const hash of hashes) if (timingSafeEqual(hash, wanted)) found = hash;
  return found;
}

function newCode(): string {
  const bits = [...randomBytes(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = groupsOf(bits, BITS).map((group) => ALPHABET[Number.parseInt(group, 2)] ?? '');
  return groupsOf(letters.join(''), GROUP_LENGTH).join('-');
}

function groupsOf(text: string, length: number): string[] {
  return Array.from({ length: text.length / length }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}
