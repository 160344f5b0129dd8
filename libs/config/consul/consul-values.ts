import { z } from 'zod';
import type { RawValue, RawValues } from '../local-values.js';
import { findSetting } from '../settings.js';

/** What a process is called in the keys of Consul. */
export interface SettingsReader {
  readonly process?: string;
  /** The contexts that it hosts. */
  readonly hosts: readonly string[];
  /** Whether the program knows the settings of all contexts, so that any other name is a mistake. */
  readonly knowsAll: boolean;
}

/** A value in Consul that is refused, and why. */
export interface Refusal {
  readonly name: string;
  readonly source: string;
  readonly reason: string;
  /** Whether Consul may not say this setting at all; then what files and environment say counts, at a start too. */
  readonly isForbidden?: boolean;
}

/** The texts of Consul's keys, by name without the prefix: `LOG_LEVEL`, `billing/LOG_LEVEL`. */
export type ConsulTexts = ReadonlyMap<string, string>;

const SOURCE = 'consul ';

const Entries = z.array(z.object({ Key: z.string(), Value: z.string().nullable() }));

/** @param body what Consul answers to a recursive read of the prefix; undefined when there is nothing */
export function readConsulTexts(body: string | undefined, prefix: string): ConsulTexts {
  if (body === undefined) return new Map();
  const texts = Entries.parse(JSON.parse(body)).map(({ Key, Value }): [string, string] => [
    Key.slice(prefix.length + 1),
    Buffer.from(Value ?? '', 'base64')
      .toString()
      .trim(),
  ]);
  // As in the environment, what is empty is not set. Folders are keys that end with a slash.
  return new Map(texts.filter(([name, text]) => text !== '' && !name.endsWith('/')));
}

/** How the source of a value is shown. */
export function sourceOf(prefix: string, key: string): string {
  return `${SOURCE}${prefix}/${key}`;
}

export function isFromConsul(source: string | undefined): boolean {
  return source?.startsWith(SOURCE) ?? false;
}

/** The values for this process. A key of the process takes precedence over one of a context, and that over a common one. */
export function consulValues(
  texts: ConsulTexts,
  prefix: string,
  reader: SettingsReader,
): { values: RawValues; refusals: Refusal[] } {
  const values = new Map<string, RawValue>();
  const refusals: Refusal[] = [];
  const layers = [[''], reader.hosts.filter((host) => host !== reader.process), [reader.process]];
  for (const scopes of layers) {
    const layer = new Map<string, RawValue>();
    for (const [key, text] of texts) {
      const { scope, name } = splitKey(key);
      if (!scopes.includes(scope) || isForOthers(name, scope, reader)) continue;
      const source = sourceOf(prefix, key);
      const refused = refusalOf(name, layer.get(name), text);
      if (refused) refusals.push({ name, source, ...refused });
      else layer.set(name, { value: text, source });
    }
    for (const [name, value] of layer) values.set(name, value);
  }
  return { values, refusals };
}

export function splitKey(key: string): { scope: string; name: string } {
  const slash = key.lastIndexOf('/');
  return { scope: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) };
}

/** What is for all processes may be a setting of a context that this program does not have. */
function isForOthers(name: string, scope: string, { knowsAll }: SettingsReader): boolean {
  return scope === '' && !knowsAll && !findSetting(name);
}

function refusalOf(
  name: string,
  other: RawValue | undefined,
  text: string,
): Pick<Refusal, 'reason' | 'isForbidden'> | undefined {
  if (!findSetting(name)) return { reason: 'there is no such setting' };
  const forbidden = reasonToForbid(name);
  if (forbidden !== undefined) return { reason: forbidden, isForbidden: true };
  const reason = disagreement(other, text);
  return reason === undefined ? undefined : { reason };
}

/** Who can write to Consul may tune the product, and not decide whom it trusts, whom it asks and who pays. */
function reasonToForbid(name: string): string | undefined {
  const setting = findSetting(name);
  if (setting?.secret) return 'secrets are not read from Consul, where others can see them';
  if (name.startsWith('CONSUL_')) return 'how Consul is reached cannot be read from it';
  if (name.startsWith('AUTH_')) return 'who is let in is not decided where others can write';
  if (setting?.fromConsul ?? setting?.live) return undefined;
  return 'it is not one of the settings that Consul may change';
}

/** Contexts that share a process share its settings. */
function disagreement(other: RawValue | undefined, text: string): string | undefined {
  if (!other || other.value === text) return undefined;
  return `${other.source} says something else, for a context of the same process`;
}
