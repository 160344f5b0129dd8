import { type ConsulAccess, ConsulClient } from './consul/consul-client.js';
import { consulAccessOf, ConsulSettings } from './consul/consul.settings.js';
import {
  type ConsulTexts,
  consulValues,
  readConsulTexts,
  type Refusal,
  type SettingsReader,
  sourceOf,
  splitKey,
} from './consul/consul-values.js';
import { checkSettings, expectedOf, LoadedSettings } from './load-settings.js';
import { type RawValues, readLocalValues, type SettingsPlace } from './local-values.js';
import { findSetting } from './settings.js';

export interface ReadSettings {
  /** Invalid settings are left out; where Consul's value is refused, what files and environment say. */
  readonly loaded: LoadedSettings;
  /** What is wrong in files and environment, and between settings, a line each. */
  readonly errors: readonly string[];
  /** Values of Consul that do not count. */
  readonly refusals: readonly Refusal[];
}

/** A refusal as an error of the start. */
export function errorOf({ name, source, reason }: Refusal): string {
  return `${name} (${source}): ${reason}`;
}

/** Everything that settings are read from, as it was at one moment. */
export class SettingsSources {
  private constructor(
    private readonly local: RawValues,
    private readonly errors: readonly string[],
    private readonly consul: { access: ConsulAccess; prefix: string; texts: ConsulTexts } | undefined,
    /** Why Consul, which the settings name, could not be read. */
    readonly consulFailure: string | undefined,
  ) {}

  /** Reads files, environment and, where CONSUL_URL is set, Consul. A Consul that does not answer is not waited for. */
  static async read(place: SettingsPlace = {}): Promise<SettingsSources> {
    const errors: string[] = [];
    const local = readLocalValues(place, errors);
    const alone = new LoadedSettings(checkSettings(local, []));
    const consul = alone.group(ConsulSettings);
    const { CONSUL_KV_PREFIX: prefix } = consul;
    const access = consulAccessOf(consul);
    if (access === undefined || prefix === undefined)
      return new SettingsSources(local, errors, undefined, undefined);
    try {
      const texts = await readTexts(new ConsulClient(access), prefix);
      return new SettingsSources(local, errors, { access, prefix, texts }, undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new SettingsSources(local, errors, { access, prefix, texts: new Map() }, reason);
    }
  }

  /** What files and environment say, without Consul. */
  static readLocal(place: SettingsPlace = {}): SettingsSources {
    const errors: string[] = [];
    return new SettingsSources(readLocalValues(place, errors), errors, undefined, undefined);
  }

  /** Values that no process reads, since their keys name none of these processes and contexts. */
  strayRefusals(known: readonly string[]): Refusal[] {
    const { prefix, texts } = this.consul ?? { prefix: '', texts: new Map<string, string>() };
    return [...texts.keys()]
      .map((key) => ({ key, ...splitKey(key) }))
      .filter(({ scope }) => scope !== '' && !known.includes(scope))
      .map(({ key, scope, name }) => ({
        name,
        source: sourceOf(prefix, key),
        reason: `there is no process or context ${scope}`,
      }));
  }

  /** The settings of a process. */
  readFor(reader: SettingsReader): ReadSettings {
    const errors = [...this.errors];
    if (!this.consul) {
      const loaded = new LoadedSettings(checkSettings(this.local, errors), this.local);
      return { loaded, errors, refusals: [] };
    }
    const { access, prefix, texts } = this.consul;
    const { values, refusals } = consulValues(texts, prefix, reader);
    const invalid = [...values].flatMap(([name, { value, source }]) => {
      const reason = reasonAgainst(name, value);
      return reason === undefined ? [] : [{ name, source, reason }];
    });
    const valid = [...values].filter(([name]) => !invalid.some((refusal) => refusal.name === name));
    const checked = checkSettings(new Map([...this.local, ...valid]), errors);
    const loaded = new LoadedSettings(checked, this.local, { access, prefix, reader });
    return { loaded, errors, refusals: [...refusals, ...invalid] };
  }
}

function reasonAgainst(name: string, value: unknown): string | undefined {
  const result = findSetting(name)?.schema.safeParse(value);
  return result?.error && expectedOf(result.error);
}

async function readTexts(client: ConsulClient, prefix: string): Promise<ConsulTexts> {
  const { body } = await client.ask(pathOf(prefix));
  return readConsulTexts(body, prefix);
}

/** The path of Consul's API for all keys under a prefix. */
export function pathOf(prefix: string): string {
  return `/v1/kv/${prefix}/?recurse=true`;
}
