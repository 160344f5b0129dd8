import type { z } from 'zod';

export interface Setting<T> {
  /** Takes the text of an environment variable, or the value of a YAML file. */
  readonly schema: z.ZodType<T>;
  readonly description: string;
  /** A secret is never printed, and never read from Consul. */
  readonly secret?: boolean;
  /**
   * Whether a change in Consul reaches the running process: the field of the injected group is assigned. So code reads it from
   * the group at each use, or subscribes to LiveSettings.
   */
  readonly live?: boolean;
  /**
   * Whether a change of the file that `<NAME>_FILE` names reaches the running process, as a live change does.
   */
  readonly renewable?: boolean;
  /**
   * Whether Consul may say it, from the next start on, although it is not live. Who writes there decides nothing about security or
   * money: no secret, no address of a service, nobody who is let in or believed. Without it, Consul may say what is live.
   */
  readonly fromConsul?: boolean;
}

/** Values of a group, and which of them somebody has said, in a file or in the environment. */
export interface ProductionCheck<V> {
  readonly values: V;
  readonly isSaid: (name: keyof V & string) => boolean;
}

type Shape = Readonly<Record<string, Setting<unknown>>>;
type ValuesOf<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]['schema']> };

export interface SettingsClass<S extends Shape = Shape> {
  readonly shape: S;
  readonly check?: ((values: ValuesOf<S>) => string[]) | undefined;
  readonly inProduction?: ((checked: ProductionCheck<ValuesOf<S>>) => string[]) | undefined;
  new (values: ValuesOf<S>): ValuesOf<S>;
}

const known: SettingsClass[] = [];

/** All groups of settings of the libs and contexts that this process has loaded. */
export function knownSettings(): readonly SettingsClass[] {
  return known;
}

export function findSetting(name: string): Setting<unknown> | undefined {
  return known.find((group) => name in group.shape)?.shape[name];
}

/** The defaults of a product, by name. */
const productDefaults = new Map<string, string>();

/** Gives settings other defaults than the kit's; before any settings are read. */
export function setDefaults(values: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(values)) productDefaults.set(name, text);
}

/** The text of a product's default; undefined where the schema's own counts. */
export function defaultOf(name: string): string | undefined {
  return productDefaults.get(name);
}

/**
 * The base of a group of settings: `@SettingsGroup() class HttpSettings extends settings({ PORT: … }) {}`. The class is the token that
 * Nest injects, with a typed field for each setting. Every group is checked when the process starts.
 * @param check finds errors between settings that are valid each by itself
 * @param inProduction finds what is good enough to try a product with and refused when NODE_ENV is production
 */
export function settings<S extends Shape>(
  shape: S,
  check?: (values: ValuesOf<S>) => string[],
  inProduction?: (checked: ProductionCheck<ValuesOf<S>>) => string[],
): SettingsClass<S> {
  class Settings {
    static readonly shape = shape;
    static readonly check = check;
    static readonly inProduction = inProduction;

    constructor(values: ValuesOf<S>) {
      Object.assign(this, values);
    }
  }
  return Settings as unknown as SettingsClass<S>;
}

/** Makes a group of settings known, so that it is checked at the start and Nest can inject it. */
export function SettingsGroup(): ClassDecorator {
  return (group) => {
    known.push(group as unknown as SettingsClass);
  };
}
