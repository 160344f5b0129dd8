import { expectedBy } from './expected.js';
import type { LoadedSetting } from './load-settings.js';
import { defaultOf, knownSettings, type SettingsClass } from './settings.js';

/** A setting as its schema describes it. */
export interface SettingDescription {
  readonly name: string;
  /** The name of its group: `Http`. */
  readonly group: string;
  readonly description: string;
  /** What it may be, in words. */
  readonly expected: string;
  /** As text; null when there is none. */
  readonly default: string | null;
  readonly live: boolean;
  /** Whether a running process follows the file that gives it. */
  readonly renewable: boolean;
  /** Whether Consul may say it for the next start. */
  readonly fromConsul: boolean;
  readonly secret: boolean;
}

/** A setting as a process has it. */
export interface SettingView {
  readonly name: string;
  readonly group: string;
  /** As text, masked when it is a secret; null when it is not set. */
  readonly value: string | null;
  readonly source: string;
  readonly live: boolean;
  readonly secret: boolean;
}

const MASK = '********';

/** All settings of this program. */
export function describeSettings(): SettingDescription[] {
  return everySetting(({ name, group, setting }) => {
    const byDefault = setting.schema.safeParse(defaultOf(name));
    return {
      name,
      group,
      description: setting.description,
      expected: expectedBy(setting.schema),
      default: byDefault.success ? asText(byDefault.data) : null,
      live: setting.live ?? false,
      renewable: setting.renewable ?? false,
      fromConsul: setting.fromConsul ?? false,
      secret: setting.secret ?? false,
    };
  });
}

/** All settings of this program with their values, without any secret. */
export function viewSettings(values: ReadonlyMap<string, LoadedSetting>): SettingView[] {
  return everySetting(({ name, group, setting }) => {
    const { value, source } = values.get(name) ?? { value: undefined, source: 'not valid' };
    const text = asText(value);
    const secret = setting.secret ?? false;
    // What everybody can read in the code is no secret.
    const isHidden = secret && text !== null && source !== 'default';
    return {
      name,
      group,
      value: isHidden ? MASK : text,
      source,
      live: setting.live ?? false,
      secret,
    };
  });
}

function everySetting<T>(
  make: (entry: { name: string; group: string; setting: SettingsClass['shape'][string] }) => T,
): T[] {
  return knownSettings().flatMap((group) =>
    Object.entries(group.shape).map(([name, setting]) => make({ name, group: titleOf(group), setting })),
  );
}

/** `HttpSettings` is Http. */
function titleOf({ name }: SettingsClass): string {
  return name.replace(/(Settings|Features)$/, '');
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(',');
  if (typeof value !== 'object') return String(value);
  return Object.keys(value).length === 0 ? null : JSON.stringify(value);
}
