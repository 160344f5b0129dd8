import { asError } from '@fissile/kit/async';

/** Makes one of Nest's servers listen. Rejects with what its callback is given. */
export function listening(server: { listen(callback: (error?: unknown) => void): unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    void server.listen((error) =>
      error === undefined || error === null ? resolve() : reject(asError(error)),
    );
  });
}
