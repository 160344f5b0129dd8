import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';

type Callback = () => void;

/** Calls back after the commit of transactions that TypeORM commits itself. */
export class CommitWatch implements EntitySubscriberInterface {
  private static readonly known = new WeakMap<DataSource, CommitWatch>();
  private readonly callbacks = new WeakMap<QueryRunner, Callback[]>();

  /** One for each data source. */
  static of(dataSource: DataSource): CommitWatch {
    const known = CommitWatch.known.get(dataSource);
    if (known) return known;
    const made = new CommitWatch();
    dataSource.subscribers.push(made);
    CommitWatch.known.set(dataSource, made);
    return made;
  }

  add(runner: QueryRunner, callbacks: readonly Callback[]): void {
    this.callbacks.set(runner, [...(this.callbacks.get(runner) ?? []), ...callbacks]);
  }

  /** TypeORM also reports the end of a savepoint, which is no commit. */
  afterTransactionCommit({ queryRunner }: { readonly queryRunner: QueryRunner }): void {
    if (queryRunner.isTransactionActive) return;
    const callbacks = this.callbacks.get(queryRunner) ?? [];
    this.callbacks.delete(queryRunner);
    for (const callback of callbacks) callback();
  }

  afterTransactionRollback({ queryRunner }: { readonly queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) this.callbacks.delete(queryRunner);
  }
}
