import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize } from 'node:v8';

/** A statement that a process sent to PostgreSQL. */
export interface SentStatement {
  /** The database name. */
  readonly database: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether the server may use a generic plan, which does not depend on the values. */
  readonly isPrepared: boolean;
  /** Settings made earlier in its transaction, such as `SET LOCAL …`. */
  readonly settings: readonly string[];
  /** The HTTP request that caused it, such as `GET /api/alpha?limit=1`; absent for background work. */
  readonly request?: string;
}

/** The statements of a program that is started with these environment variables. */
export class StatementLog {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fissile-statements-'));
  private readonly file = join(this.folder, 'statements');

  constructor() {
    writeFileSync(this.file, '');
  }

  get env(): Readonly<Record<string, string>> {
    const recorder = new URL('statement-recorder.js', import.meta.url).href;
    return { STATEMENTS_FILE: this.file, NODE_OPTIONS: `--import ${recorder}` };
  }

  /** All statements so far, in the order in which they were sent. */
  read(): SentStatement[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    const settingsOf = new Map<number, readonly string[]>();
    return lines.map((line) => {
      const { connection, ...sent } = JSON.parse(line) as SentStatement & {
        values: string;
        connection: number;
      };
      const settings = settingsOf.get(connection) ?? [];
      if (/^\s*SET LOCAL\b/i.test(sent.text)) settingsOf.set(connection, [...settings, sent.text]);
      if (/^\s*(COMMIT|ROLLBACK)\b/i.test(sent.text)) settingsOf.delete(connection);
      return { ...sent, settings, values: deserialize(Buffer.from(sent.values, 'base64')) as unknown[] };
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
