/** When a key signs tokens; it verifies them for as long as the last of them is valid. */
export interface KeySpan {
  readonly id: string;
  readonly signsFrom: Date;
  readonly signsUntil: Date;
}

export interface RotationRules {
  /** How long each key signs, in milliseconds. */
  readonly signsForMs: number;
  /** How long a key is published before it signs, so that everyone has it by then. */
  readonly publishedBeforeMs: number;
  /** How long a token is valid at the most. */
  readonly tokensLiveMs: number;
}

export interface RotationPlan {
  /** The span of a key that is to be made now; undefined when there is one to come. */
  readonly create?: Omit<KeySpan, 'id'>;
  /** Keys that can have signed nothing that is still valid. */
  readonly remove: readonly string[];
}

/** What is to be done about the keys at a moment. Keys come oldest first. */
export function planRotation(keys: readonly KeySpan[], rules: RotationRules, now: Date): RotationPlan {
  const remove = keys
    .filter((key) => key.signsUntil.getTime() + rules.tokensLiveMs < now.getTime())
    .map(({ id }) => id);
  const lastEnd = keys.at(-1)?.signsUntil.getTime() ?? 0;
  if (lastEnd - now.getTime() > rules.publishedBeforeMs) return { remove };
  const signsFrom = new Date(Math.max(lastEnd, now.getTime()));
  return { create: { signsFrom, signsUntil: new Date(signsFrom.getTime() + rules.signsForMs) }, remove };
}

/** The key that signs at a moment. */
export function signingKey<Key extends KeySpan>(keys: readonly Key[], now: Date): Key | undefined {
  return keys.find((key) => key.signsFrom <= now && now < key.signsUntil);
}
