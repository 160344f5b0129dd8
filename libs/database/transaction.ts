import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';

/** One transaction that is under way. */
export class Transaction {
  private readonly commitCallbacks: (() => void)[] = [];

  constructor(private readonly runner: QueryRunner) {}

  /** Runs a statement in the transaction and gives its rows. */
  async query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return (await this.runner.query(sql, parameters, true)).records as Row[];
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.runner.manager.getRepository(entity);
  }

  /** Calls back once the transaction is committed; never when it is rolled back. */
  afterCommit(callback: () => void): void {
    this.commitCallbacks.push(callback);
  }

  runCommitCallbacks(): void {
    for (const callback of this.commitCallbacks) callback();
  }
}
