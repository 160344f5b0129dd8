/**
 * Waits for work no longer than a time. The work itself goes on.
 * @throws Error with the message when it takes longer
 */
export function withTimeout<T>(work: Promise<T>, milliseconds: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), milliseconds);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for work to succeed or fail, and no longer than a time. The work itself goes on. */
export async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  await withTimeout(work, milliseconds, 'it takes longer').catch(() => undefined);
}
