const KEY_BYTES = 16;

/** A key that makes it safe to send a request again: the same key for the same request, another for another. */
export function newKey(): string {
  // Not randomUUID: a page that comes over plain HTTP has none.
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
