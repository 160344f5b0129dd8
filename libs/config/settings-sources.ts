import { type ConsulAccess, ConsulClient } from '#libs/consul';
import { ConsulSettings } from './consul.settings.js';
import {
  type ConsulTexts,
  consulValues,
  readConsulTexts,
  type Refusal,
  type SettingsReader,
} from './consul-values.js';
import { checkSettings, LoadedSettings } from './load-settings.js';
import { type RawValues, readLocalValues, type SettingsPlace } from './local-values.js';

export interface ReadSettings {
  /** Settings with a fault are left out. */
  readonly loaded: LoadedSettings;
  readonly faults: string[];
  /** Values of Consul that do not count; each of them is a fault too. */
  readonly refusals: readonly Refusal[];
}

/** Everything that settings are read from, as it was at one moment. */
export class SettingsSources {
  private constructor(
    private readonly local: RawValues,
    private readonly faults: readonly string[],
    private readonly consul: { access: ConsulAccess; prefix: string; texts: ConsulTexts } | undefined,
    /** Why Consul, which the settings name, could not be read. */
    readonly consulFailure: string | undefined,
  ) {}

  /** Reads files, environment and, where CONSUL_URL is set, Consul. A Consul that does not answer is not waited for. */
  static async read(place: SettingsPlace = {}): Promise<SettingsSources> {
    const faults: string[] = [];
    const local = readLocalValues(place, faults);
    const alone = new LoadedSettings(checkSettings(local, []));
    const { CONSUL_URL: url, CONSUL_TOKEN: token, CONSUL_KV_PREFIX: prefix } = alone.group(ConsulSettings);
    if (url === undefined || prefix === undefined)
      return new SettingsSources(local, faults, undefined, undefined);
    const access = { url, token };
    try {
      const texts = await readTexts(new ConsulClient(access), prefix);
      return new SettingsSources(local, faults, { access, prefix, texts }, undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new SettingsSources(local, faults, { access, prefix, texts: new Map() }, reason);
    }
  }

  /** All keys of Consul, without the prefix. */
  get consulKeys(): readonly string[] {
    return [...(this.consul?.texts.keys() ?? [])];
  }

  /** The settings of a process. */
  readFor(reader: SettingsReader): ReadSettings {
    const faults = [...this.faults];
    if (!this.consul)
      return {
        loaded: new LoadedSettings(checkSettings(this.local, faults), this.local),
        faults,
        refusals: [],
      };
    const { access, prefix, texts } = this.consul;
    const { values, refusals } = consulValues(texts, prefix, reader);
    faults.push(...refusals.map(({ name, source, reason }) => `${name} (${source}): ${reason}`));
    const checked = checkSettings(new Map([...this.local, ...values]), faults);
    const loaded = new LoadedSettings(checked, this.local, { access, prefix, reader });
    return { loaded, faults, refusals };
  }
}

async function readTexts(client: ConsulClient, prefix: string): Promise<ConsulTexts> {
  const { body } = await client.ask(pathOf(prefix));
  return readConsulTexts(body, prefix);
}

/** The path of Consul's API for all keys under a prefix. */
export function pathOf(prefix: string): string {
  return `/v1/kv/${prefix}/?recurse=true`;
}
