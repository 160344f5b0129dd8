import { closeSync, constants, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { QueryRunner } from 'typeorm';

const WRITE = /^\s*(?:WITH\b[\s\S]*?\)\s*)?(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)/i;

/** The writing statements of one commit, such as `insert invoices`. */
export class CommitRecord {
  private readonly writes = new Set<string>();

  note(sql: string): void {
    const [, verb, table] = WRITE.exec(sql) ?? [];
    if (verb && table) this.writes.add(`${verb.split(/\s/)[0]?.toLowerCase()} ${table}`);
  }

  /** Undefined when the commit wrote nothing. */
  get name(): string | undefined {
    return this.writes.size === 0 ? undefined : [...this.writes].join(' + ');
  }
}

/**
 * Fault injection for tests: ends the process, as kill -9 does, right before or after a commit. Each commit is a
 * point with a name, such as `before billing: insert invoices + insert sagas`. The point that FAULT_FILE names ends
 * the first process that reaches it, once; the suffix `#2` means the second time that a process reaches it. While a
 * file of that name with `.trace` exists, every point that is reached is appended to it.
 */
export class CommitFaults {
  private plan = '';
  private reached = 0;

  constructor(
    private readonly context: string,
    private readonly file: string,
  ) {}

  /**
   * Creates the record of a transaction that is about to begin; the record adds the statements of a TypeORM query
   * runner by itself.
   */
  watch(runner?: QueryRunner): CommitRecord {
    const record = new CommitRecord();
    if (!runner) return record;
    const query = runner.query.bind(runner) as (...parameters: unknown[]) => Promise<unknown>;
    runner.query = ((sql: string, ...rest: unknown[]) => {
      record.note(sql);
      return query(sql, ...rest);
    }) as QueryRunner['query'];
    return record;
  }

  before(commit: CommitRecord): void {
    this.reach('before', commit);
  }

  after(commit: CommitRecord): void {
    this.reach('after', commit);
  }

  private reach(side: 'before' | 'after', { name }: CommitRecord): void {
    if (name === undefined) return;
    const point = `${side} ${this.context}: ${name}`;
    appendIfThere(`${this.file}.trace`, `${point}\n`);
    const plan = readIfThere(this.file);
    if (plan === undefined) return;
    if (plan !== this.plan) [this.plan, this.reached] = [plan, 0];
    const [wanted, count = '1'] = plan.trim().split(' #');
    if (wanted !== point) return;
    this.reached += 1;
    if (this.reached === Number(count) && this.isFirst()) process.kill(process.pid, 'SIGKILL');
  }

  /** When several processes reach the point, only one is ended. */
  private isFirst(): boolean {
    try {
      renameSync(this.file, `${this.file}.hit`);
      return true;
    } catch {
      return false;
    }
  }
}

/** Without making the file: it may be removed at any moment, and would grow from then on. */
function appendIfThere(file: string, text: string): void {
  let opened: number;
  try {
    opened = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return;
  }
  writeSync(opened, text);
  closeSync(opened);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
