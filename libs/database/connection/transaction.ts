import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import { throwIfCallCancelled } from '@fissile/kit/request';
import type { StatementClient } from './adopted-client.js';

/**
 * One open transaction. It begins with its first statement. Statements that need not be awaited are sent together
 * with the next one: a message to another process costs more than most statements do.
 */
export class Transaction {
  /** Called before the commit, when all results have arrived. */
  private readonly checks: (() => Promise<void>)[] = [];
  private readonly commitCallbacks: (() => void)[] = [];
  /** Results that have not been awaited yet. */
  private unread: Promise<unknown>[] = [];
  private begun = false;
  private ended = false;
  private held = false;

  constructor(
    private readonly client: StatementClient,
    private readonly runner: QueryRunner,
    /** Receives each statement before it is sent. */
    private readonly onStatement: (sql: string) => void = () => undefined,
  ) {}

  /** A part of a transaction that was begun, and will be committed, by others. */
  static joined(client: StatementClient, runner: QueryRunner): Transaction {
    const transaction = new Transaction(client, runner);
    transaction.begun = true;
    return transaction;
  }

  /** Runs a statement and returns its rows. */
  async query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    throwIfCallCancelled();
    const answer = this.add<Row>(sql, parameters);
    this.letGo();
    return this.read(answer);
  }

  /**
   * Queues a statement, to be sent together with the next awaited statement or with the commit. It returns no
   * promise: the check receives its rows before the commit, and an error that the check throws rolls the transaction
   * back. When the statement fails, every later statement fails with the same error.
   */
  queue<Row>(
    sql: string,
    parameters?: unknown[],
    check?: (rows: readonly Row[]) => void | Promise<void>,
  ): void {
    this.begin();
    this.hold();
    const answer = this.add<Row>(sql, parameters);
    answer.catch(() => undefined);
    this.unread.push(answer);
    if (check) this.checks.push(async () => check(await answer));
  }

  /** For entities. Queued statements are sent first; TypeORM's statements follow on the same connection. */
  get manager(): EntityManager {
    this.begin();
    this.letGo();
    return this.runner.manager;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity);
  }

  /** Calls back after the commit; never after a rollback. */
  afterCommit(callback: () => void): void {
    this.commitCallbacks.push(callback);
  }

  async runChecks(): Promise<void> {
    if (this.checks.length === 0) return;
    this.letGo();
    await this.readEarlier();
    for (const check of this.checks) await check();
  }

  /** Sends queued statements together with the commit. */
  async commit(): Promise<void> {
    this.ended = true;
    if (this.begun) {
      const answer = this.client.query('COMMIT');
      this.letGo();
      const { command } = await this.read(answer);
      if (command !== 'COMMIT') throw new Error('A statement failed, so the transaction was rolled back');
    }
  }

  runCommitCallbacks(): void {
    for (const callback of this.commitCallbacks) callback();
  }

  /** Ends a part of another transaction: all its statements were answered. @returns the callbacks for the commit */
  async leave(): Promise<readonly (() => void)[]> {
    await this.runChecks();
    this.letGo();
    await this.readEarlier();
    this.ended = true;
    return this.commitCallbacks;
  }

  /** Ends a part of another transaction that has failed. Never rejects. */
  async abandon(): Promise<void> {
    this.ended = true;
    this.letGo();
    await Promise.allSettled(this.unread);
  }

  /** Never rejects: a lost connection cannot roll back and need not, because the server has done it. */
  async rollback(): Promise<void> {
    this.ended = true;
    if (!this.begun) return;
    const answer = this.client.query('ROLLBACK');
    this.letGo();
    await Promise.allSettled([...this.unread, answer]);
  }

  private add<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    this.begin();
    this.onStatement(sql);
    return this.client.run<Row>(sql, parameters);
  }

  /** After its end, its connection may be in use by another transaction, which a late statement must not reach. */
  private begin(): void {
    if (this.ended) throw new Error('The transaction has ended');
    if (this.begun) return;
    this.begun = true;
    this.hold();
    const answer = this.client.query('BEGIN');
    answer.catch(() => undefined);
    this.unread.push(answer);
  }

  /** After a failed statement every later one fails too: the first error is the cause. */
  private async read<T>(answer: Promise<T>): Promise<T> {
    answer.catch(() => undefined);
    await this.readEarlier();
    return answer;
  }

  private async readEarlier(): Promise<void> {
    const earlier = this.unread;
    this.unread = [];
    for (const answer of earlier) await answer;
  }

  private hold(): void {
    if (this.held) return;
    this.held = true;
    this.client.hold();
  }

  private letGo(): void {
    if (!this.held) return;
    this.held = false;
    this.client.letGo();
  }
}
