import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { findSetting } from './settings.js';

/** A value before its schema has seen it. */
export interface RawValue {
  readonly value: unknown;
  /** `environment`, `.env`, the name of a file, or `consul` with a key. */
  readonly source: string;
}

export type RawValues = ReadonlyMap<string, RawValue>;

export interface SettingsPlace {
  /** The folder that has config/ and .env; the working directory when absent. */
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** False where the files of config/ belong to somebody else. */
  readonly readsYaml?: boolean;
}

/**
 * Reads config/*.yaml, then .env, then the environment, a later one winning.
 * @param faults gets a line for each thing that cannot be read or is no setting
 */
export function readLocalValues(place: SettingsPlace, errors: string[]): RawValues {
  const cwd = place.cwd ?? process.cwd();
  return new Map([
    ...(place.readsYaml === false ? [] : readYamlFiles(join(cwd, 'config'), errors)),
    ...readEnvFile(join(cwd, '.env')),
    ...readEnvironment(place.environment ?? process.env),
  ]);
}

/** The value of a setting, or what the file says that `<NAME>_FILE` names. */
export function findValue(name: string, values: RawValues, errors: string[]): RawValue | undefined {
  return values.get(name) ?? readFromFile(name, values, errors);
}

function readFromFile(name: string, values: RawValues, errors: string[]): RawValue | undefined {
  const file = values.get(`${name}_FILE`)?.value;
  if (typeof file !== 'string') return undefined;
  try {
    return { value: readFileSync(file, 'utf8').trimEnd(), source: file };
  } catch {
    errors.push(`${name}_FILE: the file ${file} cannot be read`);
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

/** What processes host, and what their deployment is generated from, have files and shapes of their own. */
const NOT_SETTINGS = new Set(['topology.yaml', 'deployment.yaml']);

function readYamlFiles(directory: string, errors: string[]): [string, RawValue][] {
  return listYamlFiles(directory).flatMap((file) => {
    const values = readYaml(join(directory, file), `config/${file}`, errors);
    return Object.entries(values).map(([name, value]): [string, RawValue] => {
      if (!isKnown(name)) errors.push(`${name} (config/${file}): there is no such setting`);
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

function readYaml(path: string, shownAs: string, errors: string[]): Record<string, unknown> {
  try {
    const content: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {};
    if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
    errors.push(`${shownAs}: expected a map of setting names to values`);
  } catch {
    errors.push(`${shownAs}: the file is not readable YAML`);
  }
  return {};
}

function isKnown(name: string): boolean {
  const plainName = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
  return findSetting(name) !== undefined || findSetting(plainName) !== undefined;
}
