/** The period in which a key signs tokens; it verifies them as long as the last of them is valid. */
export interface KeySpan {
  readonly id: string;
  readonly signsFrom: Date;
  /** When the next key takes over. Until one has been published for long enough, this one keeps signing. */
  readonly signsUntil: Date;
}

export interface RotationRules {
  /** How long each key signs, in milliseconds. */
  readonly signsForMs: number;
  /** How long a key is published before it signs, so that every verifier has it by then. */
  readonly publishedBeforeMs: number;
  /** The maximum validity of a token. */
  readonly tokensLiveMs: number;
}

export interface RotationPlan {
  /** The period of a key to create now; undefined when the next key exists. */
  readonly create?: Omit<KeySpan, 'id'>;
  /** Keys that cannot have signed any token that is still valid. */
  readonly remove: readonly string[];
}

/** The key changes due at a moment. Keys are sorted oldest first. */
export function planRotation(keys: readonly KeySpan[], rules: RotationRules, now: Date): RotationPlan {
  // A key signed until the next one began.
  const remove = keys
    .filter((_, index) => {
      const next = keys[index + 1];
      return next && next.signsFrom.getTime() + rules.tokensLiveMs < now.getTime();
    })
    .map(({ id }) => id);
  const last = keys.at(-1);
  if (!last) return { create: spanFrom(now.getTime(), rules), remove };
  const earliest = now.getTime() + rules.publishedBeforeMs;
  if (last.signsUntil.getTime() > earliest) return { remove };
  return { create: spanFrom(Math.max(last.signsUntil.getTime(), earliest), rules), remove };
}

function spanFrom(moment: number, { signsForMs }: RotationRules): Omit<KeySpan, 'id'> {
  return { signsFrom: new Date(moment), signsUntil: new Date(moment + signsForMs) };
}

/** The key that signs at a moment: the last that has begun. Keys are sorted oldest first. */
export function signingKey<Key extends KeySpan>(keys: readonly Key[], now: Date): Key | undefined {
  return keys.findLast((key) => key.signsFrom <= now);
}
