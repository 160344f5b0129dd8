import { Option } from 'commander';
import { npmCommand, read, refuse } from '../../tools/command-line/command-line.js';

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
 * An option that is unknown, or of another type, ends the process.
 */
export function readOptions<const Defaults extends Record<string, Value>>(
  defaults: Defaults,
  args: readonly string[] = process.argv.slice(2),
): Options<Defaults> {
  const command = npmCommand(
    process.env['npm_lifecycle_event'] ?? 'bench',
    'Measures, side by side with competitors.',
  );
  for (const [name, value] of Object.entries(defaults)) {
    command.addOption(new Option(`--${name} <${typeof value}>`).default(undefined, JSON.stringify(value)));
  }
  command.option('--no-report', 'writes nothing into the docs');
  const given: Readonly<Record<string, string | boolean | undefined>> = read(command, args).opts();
  const wrong = (name: string, found: string): never =>
    refuse(command, `error: --${name}: expected a number above 0, not "${found}"`);
  const values = Object.entries(defaults).map(([name, value]): [string, Value] => {
    const text = given[name];
    return [name, typeof text === 'string' ? readAs(value, text, (found) => wrong(name, found)) : value];
  });
  const full =
    given['report'] === true && values.every(([name, value]) => String(value) === String(defaults[name]));
  return { ...Object.fromEntries(values), full } as unknown as Options<Defaults>;
}

/** Has the run end for a text that is none of this kind. */
type Refuse = (text: string) => never;

function readAs(kind: Value, text: string, refused: Refuse): Value {
  if (typeof kind === 'string') return text;
  if (typeof kind === 'number') return readNumber(text, refused);
  return text.split(',').map((part) => readNumber(part, refused));
}

function readNumber(text: string, refused: Refuse): number {
  const value = Number(text);
  return value > 0 ? value : refused(text);
}
