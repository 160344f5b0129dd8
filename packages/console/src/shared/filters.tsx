import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Query } from './use-query.ts';

/** A text that is typed, or one of several. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly options?: readonly string[];
  readonly placeholder?: string;
}

interface FiltersProps {
  /** For screen readers, such as "Filter sagas". */
  readonly label: string;
  readonly fields: readonly FilterField[];
  readonly query: Query;
  change(changes: Query): void;
}

/** What narrows a list, with a time range, and what comes first. */
export function Filters({ label, fields, query, change }: FiltersProps) {
  const names = [...fields.map(({ name }) => name), 'from', 'to', 'sort'];
  return (
    <FilterForm {...{ label, names, query, change }}>
      {fields.map((field) => (
        <Field key={field.name} field={field} value={query[field.name]} change={change} />
      ))}
      <Moment label="From" value={query['from']} change={(from) => change({ from })} />
      <Moment label="To" value={query['to']} change={(to) => change({ to })} />
      <label>
        Sort
        <select
          value={query['sort'] ?? ''}
          onChange={({ currentTarget: { value } }) => change({ sort: value })}
        >
          <option value="">newest first</option>
          <option value="oldest">oldest first</option>
        </select>
      </label>
    </FilterForm>
  );
}

interface FilterFormProps {
  readonly label: string;
  /** What is emptied by "Clear filters". */
  readonly names: readonly string[];
  readonly query: Query;
  readonly children: ComponentChildren;
  change(changes: Query): void;
}

/** The frame of what narrows a list. */
export function FilterForm({ label, names, query, children, change }: FilterFormProps) {
  return (
    <form class="row filters" role="search" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {children}
      {names.some((name) => query[name]) && (
        <button
          type="button"
          onClick={() => change(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          Clear filters
        </button>
      )}
    </form>
  );
}

interface FieldProps {
  readonly field: FilterField;
  readonly value: string | undefined;
  change(changes: Query): void;
}

function Field({ field: { name, label, options, placeholder }, value, change }: FieldProps) {
  const set = (text: string): void => change({ [name]: text });
  return options === undefined ? (
    <TextFilter {...{ label, value, placeholder }} change={set} />
  ) : (
    <ChoiceFilter {...{ label, value, options }} change={set} />
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  change(value: string): void;
}

interface TextFilterProps extends FilterProps {
  readonly inputMode?: 'search' | 'numeric';
  readonly placeholder?: string | undefined;
}

/** Counts when it is left, or Enter is pressed, so that each letter is no step of Back. */
export function TextFilter({
  label,
  value = '',
  inputMode = 'search',
  placeholder,
  change,
}: TextFilterProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = value;
  }, [value]);
  return (
    <label>
      {label}
      <input
        ref={input}
        type="search"
        inputMode={inputMode}
        spellcheck={false}
        placeholder={placeholder}
        onChange={({ currentTarget }) => change(currentTarget.value.trim())}
      />
    </label>
  );
}

export function ChoiceFilter({
  label,
  value = '',
  options,
  change,
}: FilterProps & { readonly options: readonly string[] }) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => change(currentTarget.value)}>
        <option value="">all</option>
        {/* What the address says counts, whatever the list has. */}
        {[...new Set([...options, ...(value === '' ? [] : [value])])].map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}

interface MomentProps {
  readonly label: string;
  /** ISO 8601. */
  readonly value: string | undefined;
  change(iso: string | undefined): void;
}

/** A time, of the clock of this browser. */
function Moment({ label, value, change }: MomentProps) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={localOf(value)}
        onChange={({ currentTarget }) => {
          const at = currentTarget.valueAsNumber;
          // The control knows no zone: what it has is as of UTC.
          change(
            Number.isNaN(at)
              ? undefined
              : new Date(at + offsetOf(new Date(currentTarget.value))).toISOString(),
          );
        }}
      />
    </label>
  );
}

const offsetOf = (time: Date): number => time.getTimezoneOffset() * 60_000;

function localOf(iso: string | undefined): string {
  const time = new Date(iso ?? Number.NaN);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - offsetOf(time)).toISOString().slice(0, 16);
}
