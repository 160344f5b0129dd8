import { Injectable, Logger } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { type ConsulTexts, consulValues, isFromConsul, type Refusal } from './consul/consul-values.js';
import { type SettingView, viewSettings } from './describe-settings.js';
import { expectedOf, type LoadedSetting, type LoadedSettings } from './load-settings.js';
import { findValue, type RawValues } from './local-values.js';
import { findSetting, knownSettings, type SettingsClass } from './settings.js';

export type ChangeOutcome = 'applied' | 'refused' | 'needs_restart';

type Listener = (changed: ReadonlySet<string>) => void;

/** A valid value of a setting that is not live. */
export interface WaitingChange {
  readonly name: string;
  readonly source: string;
}

export const CONSUL_STATES = ['unused', 'up', 'down'] as const;

export type ConsulState = (typeof CONSUL_STATES)[number];

/** The settings of a running process, for people. */
export interface LiveView {
  readonly settings: readonly SettingView[];
  readonly refused: readonly Refusal[];
  readonly waiting: readonly WaitingChange[];
  readonly consul: ConsulState;
}

/** The result of one read of Consul. */
interface Round {
  readonly changed: Map<string, LoadedSetting>;
  readonly refused: (Refusal & { readonly text: string })[];
  readonly waiting: (WaitingChange & { readonly text: string })[];
}

/**
 * The settings as they are now. A valid change of a live one is assigned to its field of the group that everybody shares; an
 * invalid one is refused, and the last good value stays.
 */
@Injectable()
export class LiveSettings {
  private readonly logger = new Logger('Settings');
  private readonly current: Map<string, LoadedSetting>;
  private readonly listeners = new Set<{ names: ReadonlySet<string>; listener: Listener }>();
  private lastRound: Round = { changed: new Map(), refused: [], waiting: [] };
  private lastFileRound: Round = { changed: new Map(), refused: [], waiting: [] };
  private failure: string | undefined;

  constructor(
    private readonly loaded: LoadedSettings,
    private readonly count: (outcome: ChangeOutcome) => void = () => undefined,
  ) {
    this.current = new Map(loaded.values);
  }

  /** Every setting by name, with what it is now and where that came from. */
  get values(): ReadonlyMap<string, LoadedSetting> {
    return this.current;
  }

  /** The values of Consul that do not count, as of its last answer. */
  get refusals(): readonly Refusal[] {
    return this.lastRound.refused.map(({ name, source, reason }) => ({ name, source, reason }));
  }

  /** The values of Consul that count from the next start on. */
  get waiting(): readonly WaitingChange[] {
    return this.lastRound.waiting.map(({ name, source }) => ({ name, source }));
  }

  /** Whether Consul answers. */
  get consul(): ConsulState {
    if (!this.loaded.origin) return 'unused';
    return this.failure === undefined ? 'up' : 'down';
  }

  /** All of it for people, without any secret. */
  describe(): LiveView {
    const { refusals: refused, waiting, consul } = this;
    return { settings: viewSettings(this.current), refused, waiting, consul };
  }

  /**
   * Calls the listener after live changes of any of these settings. Only code that must act needs this; other code reads the
   * setting from its group at each use.
   * @returns ends it
   */
  onChange(names: readonly string[], listener: Listener): () => void {
    const entry = { names: new Set(names), listener };
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  consulIs(failure: string | undefined): void {
    this.failure = failure;
  }

  /** Applies the values that Consul has now. */
  apply(texts: ConsulTexts): void {
    const { origin, local } = this.loaded;
    if (!origin) return;
    const { values, refusals } = consulValues(texts, origin.prefix, origin.reader);
    const round: Round = {
      changed: new Map(),
      refused: refusals.map((refusal) => ({ ...refusal, text: refusal.reason })),
      waiting: [],
    };
    const wanted: RawValues = new Map([...local, ...values]);
    const isConcerned = (name: string): boolean =>
      values.has(name) || isFromConsul(this.current.get(name)?.source);
    for (const group of knownSettings()) {
      this.applyGroup(group, Object.keys(group.shape).filter(isConcerned), wanted, round);
    }
    this.report(round, this.lastRound);
    this.lastRound = round;
    this.notify(new Set(round.changed.keys()));
  }

  /**
   * Reads the files again that give settings by `<NAME>_FILE`. A file that cannot be read, or has no valid value, changes
   * nothing, since it may be about to be replaced.
   */
  renewFiles(): void {
    const { local } = this.loaded;
    const round: Round = { changed: new Map(), refused: [], waiting: [] };
    const isFromFile = (name: string): boolean =>
      !local.has(name) &&
      local.has(`${name}_FILE`) &&
      !isFromConsul(this.current.get(name)?.source) &&
      findValue(name, local, []) !== undefined;
    for (const group of knownSettings())
      this.applyGroup(group, Object.keys(group.shape).filter(isFromFile), local, round);
    this.report(round, this.lastFileRound);
    this.lastFileRound = round;
    this.notify(new Set(round.changed.keys()));
  }

  private applyGroup(group: SettingsClass, names: readonly string[], wanted: RawValues, round: Round): void {
    const good = new Map<string, LoadedSetting & { readonly text: string }>();
    for (const name of names) {
      const raw = findValue(name, wanted, []);
      const source = raw?.source ?? 'default';
      const text = String(raw?.value);
      const result = group.shape[name]?.schema.safeParse(raw?.value);
      if (!result) continue;
      if (!result.success) {
        round.refused.push({ name, source, text, reason: expectedOf(result.error) });
      } else if (isDeepStrictEqual(result.data, this.current.get(name)?.value)) {
        this.current.set(name, { value: result.data, source });
      } else if (group.shape[name]?.live || (group.shape[name]?.renewable && !isFromConsul(source))) {
        good.set(name, { value: result.data, source, text });
      } else {
        round.waiting.push({ name, source, text });
      }
    }
    this.assign(group, good, round);
  }

  /** All good changes of a group, or none when they do not go together. */
  private assign(
    group: SettingsClass,
    good: ReadonlyMap<string, LoadedSetting & { readonly text: string }>,
    round: Round,
  ): void {
    if (good.size === 0) return;
    const shared = this.loaded.group(group);
    const changes = Object.fromEntries([...good].map(([name, { value }]) => [name, value]));
    const errors = group.check?.({ ...shared, ...changes }) ?? [];
    if (errors.length === 0) Object.assign(shared, changes);
    for (const [name, { value, source, text }] of good) {
      if (errors.length > 0) {
        round.refused.push({ name, source, text, reason: errors.join('; ') });
        continue;
      }
      this.current.set(name, { value, source });
      round.changed.set(name, { value, source });
    }
  }

  /** Logs and counts what is new since the last answer. */
  private report(round: Round, last: Round): void {
    for (const [name, { value, source }] of round.changed) {
      const shown = findSetting(name)?.secret ? 'has changed' : `is now ${JSON.stringify(value)}`;
      this.logger.log(`${name} ${shown} (${source})`);
      this.count('applied');
    }
    for (const { name, source, reason } of newOf(round.refused, last.refused)) {
      this.logger.warn(`Rejected ${name} (${source}): ${reason}. The previous value stays`);
      this.count('refused');
    }
    for (const { name, source } of newOf(round.waiting, last.waiting)) {
      this.logger.warn(`${name} (${source}) takes effect at the next start`);
      this.count('needs_restart');
    }
  }

  private notify(changed: ReadonlySet<string>): void {
    for (const { names, listener } of this.listeners) {
      if (names.isDisjointFrom(changed)) continue;
      try {
        listener(changed);
      } catch (error) {
        this.logger.error(`A listener failed on the change of ${[...changed].join(', ')}: ${String(error)}`);
      }
    }
  }
}

function newOf<T extends { name: string; source: string; text: string }>(
  items: readonly T[],
  before: readonly T[],
): T[] {
  const same = (one: T, other: T): boolean =>
    one.name === other.name && one.source === other.source && one.text === other.text;
  return items.filter((item) => !before.some((earlier) => same(item, earlier)));
}
