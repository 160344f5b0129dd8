import { asError } from '@fissile/kit/async';

/** Starts one of Nest's servers. Rejects with the error that its callback receives. */
export function listening(server: { listen(callback: (error?: unknown) => void): unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    void server.listen((error) =>
      error === undefined || error === null ? resolve() : reject(asError(error)),
    );
  });
}
