import type { Reading } from './blocking-query.js';
import type { RaftIndex } from './raft-index.js';

interface Entry {
  readonly key: string;
  readonly value: Buffer;
  readonly createIndex: number;
  readonly modifyIndex: number;
  /** How often a session has taken it. */
  readonly lockIndex: number;
  /** The session that holds it. */
  readonly session?: string | undefined;
}

/** A write that is done only where nobody else has written, or holds the key. */
export interface WriteCondition {
  /** The index of the last change; 0 for a key that is not there. */
  readonly cas?: number | undefined;
  /** The session that takes the key, or holds it already. */
  readonly acquire?: string | undefined;
}

export interface KeyValueQuery {
  readonly recurse: boolean;
  readonly keys: boolean;
  readonly raw: boolean;
}

/** Consul's key/value store. A deleted key leaves a tombstone, so that the index of a prefix does not decrease. */
export class KeyValues {
  private readonly entries = new Map<string, Entry>();
  private readonly tombstones = new Map<string, number>();

  constructor(private readonly log: RaftIndex) {}

  /** @returns whether it was written */
  put(key: string, value: Buffer, { cas, acquire }: WriteCondition = {}): boolean {
    const known = this.entries.get(key);
    if (cas !== undefined && cas !== (known?.modifyIndex ?? 0)) return false;
    if (acquire !== undefined && known?.session !== undefined && known.session !== acquire) return false;
    const modifyIndex = this.log.advance();
    const { createIndex = modifyIndex, lockIndex = 0, session } = known ?? {};
    const isTaken = acquire !== undefined && session === undefined;
    this.entries.set(key, {
      key,
      value,
      createIndex,
      modifyIndex,
      lockIndex: isTaken ? lockIndex + 1 : lockIndex,
      session: acquire ?? session,
    });
    this.tombstones.delete(key);
    return true;
  }

  /** The session that holds a key. */
  holderOf(key: string): string | undefined {
    return this.entries.get(key)?.session;
  }

  /** What a session held is nobody's, or gone. */
  letGo(session: string, behaviour: 'release' | 'delete'): void {
    const held = [...this.entries.values()].filter((entry) => entry.session === session);
    for (const { key, value } of held) {
      if (behaviour === 'delete') {
        this.delete(key);
        continue;
      }
      this.put(key, value);
      this.entries.set(key, { ...(this.entries.get(key) as Entry), session: undefined });
    }
  }

  delete(key: string, recurse = false): void {
    const doomed = recurse ? this.under(key).map((entry) => entry.key) : [key];
    const known = doomed.filter((name) => this.entries.has(name));
    if (known.length === 0) return;
    const index = this.log.advance();
    for (const name of known) {
      this.entries.delete(name);
      this.tombstones.set(name, index);
    }
  }

  clear(): void {
    this.entries.clear();
    this.tombstones.clear();
  }

  /** Caps all indexes at that of the restored snapshot, since nothing is newer. */
  restore(index: number): void {
    for (const [key, entry] of this.entries) {
      const lower = (own: number): number => Math.min(own, index);
      const { createIndex, modifyIndex } = entry;
      this.entries.set(key, {
        ...entry,
        createIndex: lower(createIndex),
        modifyIndex: lower(modifyIndex),
      });
    }
    this.tombstones.clear();
  }

  read(key: string, { recurse, keys, raw }: KeyValueQuery): Reading {
    if (recurse || keys) return this.list(key, keys);
    const entry = this.entries.get(key);
    if (!entry) return { index: this.tableIndex, status: 404, body: '' };
    return { index: entry.modifyIndex, status: 200, body: raw ? entry.value : [toJson(entry)] };
  }

  private list(prefix: string, keysAlone: boolean): Reading {
    const found = this.under(prefix);
    const deleted = [...this.tombstones].filter(([key]) => key.startsWith(prefix)).map(([, index]) => index);
    const changes = [...found.map(({ modifyIndex }) => modifyIndex), ...deleted];
    const index = changes.length > 0 ? Math.max(...changes) : this.tableIndex;
    if (found.length === 0) return { index, status: 404, body: '' };
    return { index, status: 200, body: keysAlone ? found.map(({ key }) => key) : found.map(toJson) };
  }

  private under(prefix: string): Entry[] {
    return [...this.entries.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  private get tableIndex(): number {
    const changes = [...this.entries.values()].map(({ modifyIndex }) => modifyIndex);
    return Math.max(1, ...changes, ...this.tombstones.values());
  }
}

function toJson({ key, value, createIndex, modifyIndex, lockIndex, session }: Entry) {
  return {
    LockIndex: lockIndex,
    Key: key,
    Flags: 0,
    Value: value.length === 0 ? null : value.toString('base64'),
    ...(session !== undefined && { Session: session }),
    CreateIndex: createIndex,
    ModifyIndex: modifyIndex,
  };
}
