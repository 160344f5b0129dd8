import { ApiProblem } from '@fissile/api-client';
import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { messageOf } from './product-api.ts';

/** What a page itself finds wrong with what was typed into a field. */
export class FieldFault extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

export interface PlacedFaults {
  /** By the name of the field. */
  readonly at: Readonly<Record<string, string | undefined>>;
  /** What concerns none of them. */
  readonly rest: string | undefined;
}

/**
 * Says at which field of a form an error is to be shown.
 * @param places the names of the fields, by what the API calls them (`price.amountMinor`), or by the code of an error that is about them
 */
export function placeFaults(error: unknown, places: Readonly<Record<string, string>>): PlacedFaults {
  if (error === undefined) return { at: {}, rest: undefined };
  if (error instanceof FieldFault) return { at: { [error.field]: error.message }, rest: undefined };
  if (!(error instanceof ApiProblem)) return { at: {}, rest: messageOf(error) };
  const byCode = places[error.code];
  if (byCode !== undefined) return { at: { [byCode]: error.detail }, rest: undefined };
  const placed = error.errors.flatMap(({ path, message }) => {
    const field = places[path];
    return field === undefined ? [] : [[field, message] as const];
  });
  const isAllPlaced = placed.length > 0 && placed.length === error.errors.length;
  return { at: Object.fromEntries(placed), rest: isAllPlaced ? undefined : messageOf(error) };
}

type FormFieldProps = InputHTMLAttributes & {
  readonly label: string;
  readonly fault: string | undefined;
};

/** A field, and what is wrong with it. The place for that is always there: a region that appears with its text is not read. */
export function FormField({ label, fault, ...input }: FormFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label>
        {label}
        <input {...input} aria-invalid={fault !== undefined} aria-describedby={id} />
      </label>
      <span id={id} class="field-fault" role="alert">
        {fault}
      </span>
    </div>
  );
}
