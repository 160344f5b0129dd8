import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { knownSettings, type SettingsClass } from './settings.js';

/** The start cannot go on; the message names every fault, a line each, and no value of a setting. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly faults: readonly string[]) {
    super(`The settings are not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

export interface LoadedSetting {
  readonly value: unknown;
  /** `default`, `environment`, `.env`, or the name of a file. */
  readonly source: string;
  readonly secret: boolean;
}

export type LoadedSettings = ReadonlyMap<string, LoadedSetting>;

export interface SettingsPlace {
  /** The folder that has config/ and .env; the working directory when absent. */
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

interface RawValue {
  readonly value: unknown;
  readonly source: string;
}

/**
 * Reads config/*.yaml, then .env, then the environment, a later one winning, and checks every known setting.
 * A setting may also be read from the file that `<NAME>_FILE` names.
 * @throws SettingsError with all faults at once.
 */
export function loadSettings(options: SettingsPlace = {}): LoadedSettings {
  const { loaded, faults } = readSettings(options);
  if (faults.length > 0) throw new SettingsError(faults);
  return loaded;
}

/** The same, for those who look for more faults before they refuse: settings with a fault are left out. */
export function readSettings(options: SettingsPlace = {}): { loaded: LoadedSettings; faults: string[] } {
  const cwd = options.cwd ?? process.cwd();
  const faults: string[] = [];
  const raw = new Map<string, RawValue>([
    ...readYamlFiles(join(cwd, 'config'), faults),
    ...readEnvFile(join(cwd, '.env')),
    ...readEnvironment(options.environment ?? process.env),
  ]);
  const loaded = new Map<string, LoadedSetting>();
  for (const group of knownSettings()) checkGroup(group, raw, loaded, faults);
  return { loaded, faults };
}

/** The settings of one group as the object that Nest injects. */
export function settingsOf<T>(
  group: Pick<SettingsClass, 'shape'> & (new (values: never) => T),
  loaded: LoadedSettings,
): T {
  return new group(valuesOf(group, loaded) as never);
}

function checkGroup(
  group: SettingsClass,
  raw: ReadonlyMap<string, RawValue>,
  loaded: Map<string, LoadedSetting>,
  faults: string[],
): void {
  const faultsBefore = faults.length;
  for (const [name, setting] of Object.entries(group.shape)) {
    const found = raw.get(name) ?? readFromFile(name, raw, faults);
    const result = setting.schema.safeParse(found?.value);
    if (result.success) {
      const source = found?.source ?? 'default';
      loaded.set(name, { value: result.data, source, secret: setting.secret ?? false });
      continue;
    }
    const expected = result.error.issues.map((issue) => issue.message).join('; ');
    faults.push(`${name} (${found?.source ?? 'not set'}): ${expected}`);
  }
  if (faults.length === faultsBefore) faults.push(...(group.check?.(valuesOf(group, loaded)) ?? []));
}

function valuesOf(group: Pick<SettingsClass, 'shape'>, loaded: LoadedSettings): Record<string, unknown> {
  return Object.fromEntries(Object.keys(group.shape).map((name) => [name, loaded.get(name)?.value]));
}

function readFromFile(
  name: string,
  raw: ReadonlyMap<string, RawValue>,
  faults: string[],
): RawValue | undefined {
  const file = raw.get(`${name}_FILE`)?.value;
  if (typeof file !== 'string') return undefined;
  try {
    return { value: readFileSync(file, 'utf8').trimEnd(), source: file };
  } catch {
    faults.push(`${name}_FILE: the file ${file} cannot be read`);
    return undefined;
  }
}

function readEnvironment(environment: NodeJS.ProcessEnv): [string, RawValue][] {
  return Object.entries(environment)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => [name, { value, source: 'environment' }]);
}

function readEnvFile(path: string): [string, RawValue][] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return Object.entries(parseEnv(text))
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, { value, source: '.env' }]);
}

/** Topology has a file, and a shape, of its own. */
const NOT_SETTINGS = new Set(['topology.yaml']);

function readYamlFiles(directory: string, faults: string[]): [string, RawValue][] {
  return listYamlFiles(directory).flatMap((file) => {
    const values = readYaml(join(directory, file), `config/${file}`, faults);
    return Object.entries(values).map(([name, value]): [string, RawValue] => {
      if (!isKnown(name)) faults.push(`${name} (config/${file}): there is no such setting`);
      return [name, { value, source: `config/${file}` }];
    });
  });
}

function listYamlFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.yaml') && !NOT_SETTINGS.has(file))
      .sort();
  } catch {
    return [];
  }
}

function readYaml(path: string, shownAs: string, faults: string[]): Record<string, unknown> {
  try {
    const content: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {};
    if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
    faults.push(`${shownAs}: expected a map of setting names to values`);
  } catch {
    faults.push(`${shownAs}: the file is not readable YAML`);
  }
  return {};
}

function isKnown(name: string): boolean {
  const plainName = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
  return knownSettings().some((group) => name in group.shape || plainName in group.shape);
}
