import type { ConsulAccess } from './consul/consul-client.js';
import type { SettingsReader } from './consul/consul-values.js';
import { findValue, type RawValues, readLocalValues, type SettingsPlace } from './local-values.js';
import { defaultOf, knownSettings, type SettingsClass } from './settings.js';
import { isProduction } from './production.js';

/** The start fails; the message names every error, a line each, and no value of a setting. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly errors: readonly string[]) {
    super(`The settings are not valid:\n${errors.map((error) => `  - ${error}`).join('\n')}`);
  }
}

export interface LoadedSetting {
  readonly value: unknown;
  /** `default`, `environment`, `.env`, the name of a file, or `consul` with a key. */
  readonly source: string;
}

/** Where settings come from that may change while the process runs. */
export interface LiveOrigin {
  readonly access: ConsulAccess;
  readonly prefix: string;
  readonly reader: SettingsReader;
}

/** The settings with which a process has started. */
export class LoadedSettings {
  private readonly groups = new Map<unknown, object>();

  constructor(
    readonly values: ReadonlyMap<string, LoadedSetting>,
    /** What counts where Consul says nothing. */
    readonly local: RawValues = new Map(),
    readonly origin?: LiveOrigin,
  ) {}

  /** The one object of a group that all of the process share; a live change is an assignment to its field. */
  group<T>(group: GroupOf<T>): T {
    const known = this.groups.get(group);
    if (known) return known as T;
    const made = new group(this.valuesOf(group) as never);
    this.groups.set(group, made as object);
    return made;
  }

  /** What a setting is now, in the group that all share. */
  now(name: string): unknown {
    const group = knownSettings().find(({ shape }) => name in shape);
    return group && (this.group(group) as Record<string, unknown>)[name];
  }

  private valuesOf(group: Pick<SettingsClass, 'shape'>): Record<string, unknown> {
    return Object.fromEntries(Object.keys(group.shape).map((name) => [name, this.values.get(name)?.value]));
  }
}

type GroupOf<T> = Pick<SettingsClass, 'shape'> & (new (values: never) => T);

/** The settings of one group as the object that Nest injects. */
export function settingsOf<T>(group: GroupOf<T>, loaded: LoadedSettings): T {
  return loaded.group(group);
}

/**
 * Reads config/*.yaml, then .env, then the environment, a later one winning, and checks every known setting.
 * A setting may also be read from the file that `<NAME>_FILE` names.
 * @throws SettingsError with all errors at once.
 */
export function loadSettings(place: SettingsPlace = {}): LoadedSettings {
  const errors: string[] = [];
  const local = readLocalValues(place, errors);
  const values = checkSettings(local, errors);
  if (errors.length > 0) throw new SettingsError(errors);
  return new LoadedSettings(values, local);
}

/**
 * Checks every known setting.
 * @param faults gets a line for each that is wrong; those are left out
 */
export function checkSettings(raw: RawValues, errors: string[]): Map<string, LoadedSetting> {
  const loaded = new Map<string, LoadedSetting>();
  for (const group of knownSettings()) checkGroup(group, raw, loaded, errors);
  return loaded;
}

/**
 * What a process refuses in production, a line each: settings that are valid, and good for trying a product alone. A group that is
 * not valid is left to its other errors.
 */
export function productionErrors(loaded: LoadedSettings): string[] {
  if (!isProduction()) return [];
  return knownSettings()
    .filter(({ shape }) => Object.keys(shape).every((name) => loaded.values.has(name)))
    .flatMap((group) => {
      const isSaid = (name: string): boolean => loaded.values.get(name)?.source !== 'default';
      return group.inProduction?.({ values: settingsOf(group, loaded), isSaid }) ?? [];
    });
}

function checkGroup(
  group: SettingsClass,
  raw: RawValues,
  loaded: Map<string, LoadedSetting>,
  errors: string[],
): void {
  const errorsBefore = errors.length;
  for (const [name, { schema }] of Object.entries(group.shape)) {
    const found = findValue(name, raw, errors);
    const result = schema.safeParse(found === undefined ? defaultOf(name) : found.value);
    if (result.success) {
      loaded.set(name, { value: result.data, source: found?.source ?? 'default' });
      continue;
    }
    errors.push(`${name} (${found?.source ?? 'not set'}): ${expectedOf(result.error)}`);
  }
  if (errors.length > errorsBefore) return;
  const values = Object.fromEntries(Object.keys(group.shape).map((name) => [name, loaded.get(name)?.value]));
  errors.push(...(group.check?.(values) ?? []));
}

/** What the schema expects, without the value that it got. */
export function expectedOf({ issues }: { readonly issues: readonly { readonly message: string }[] }): string {
  return issues.map(({ message }) => message).join('; ');
}
