import { useState } from 'preact/hooks';
import { messageOf } from './product-api.ts';

export interface Submission {
  /** Why it did not work. */
  readonly fault: string | undefined;
  /** The same as it was thrown, for a form that says it at its fields. */
  readonly error: unknown;
  readonly isBusy: boolean;
  /** Whether what was submitted last has worked. */
  readonly isDone: boolean;
  /** The onSubmit of the form. */
  submit(event: SubmitEvent): void;
}

/** Sends the fields of a form, and keeps what has become of it. */
export function useSubmit(send: (fields: FormData) => Promise<unknown>): Submission {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setDone(false);
    setError(undefined);
    send(fields)
      .then(() => setDone(true))
      .catch((thrown: unknown) => setError(() => thrown))
      .finally(() => setBusy(false));
  };
  return { fault: error === undefined ? undefined : messageOf(error), error, isBusy, isDone, submit };
}
