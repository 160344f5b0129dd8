import { parseArgs } from 'node:util';

type Value = string | number | readonly number[];
type Widened<T extends Value> = T extends string ? string : T extends number ? number : readonly number[];

export type Options<Defaults extends Record<string, Value>> = {
  readonly [Name in keyof Defaults]: Widened<Defaults[Name]>;
} & {
  /** Whether the run is full, with every option at its default, so that its figures may go into the docs. */
  readonly full: boolean;
};

/**
 * Parses the command-line options of a benchmark. A default sets the type of its option: text, a number above zero,
 * or several of them with commas. `--no-report` keeps a full run from writing.
 * @throws Error when an option is unknown or of another type
 */
export function readOptions<const Defaults extends Record<string, Value>>(
  defaults: Defaults,
  args: readonly string[] = process.argv.slice(2),
): Options<Defaults> {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      ...Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }])),
      report: { type: 'boolean' as const, default: true },
    },
  });
  const given: Readonly<Record<string, string | boolean | undefined>> = values;
  const read = Object.entries(defaults).map(([name, value]): [string, Value] => {
    const text = given[name];
    return [name, typeof text === 'string' ? readAs(value, name, text) : value];
  });
  const full =
    values.report === true && read.every(([name, value]) => String(value) === String(defaults[name]));
  return { ...Object.fromEntries(read), full } as unknown as Options<Defaults>;
}

function readAs(kind: Value, name: string, text: string): Value {
  if (typeof kind === 'string') return text;
  if (typeof kind === 'number') return readNumber(name, text);
  return text.split(',').map((part) => readNumber(name, part));
}

function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: expected a number above 0, not "${text}"`);
  return value;
}
