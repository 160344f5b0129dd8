import { Injectable } from '@nestjs/common';
import { ContextError } from '#libs/contracts';
import { SagaEngine } from './saga-engine.js';
import { hasEnded, type SagaRecord, type SagaStatus } from './saga-record.js';
import { SagaStore } from './saga-store.js';

/** What people may see of the sagas of a context, and do to them. */
@Injectable()
export class Sagas {
  constructor(
    private readonly store: SagaStore,
    private readonly engine: SagaEngine,
  ) {}

  list(limit: number, olderThan?: string, status?: SagaStatus): Promise<SagaRecord[]> {
    return this.store.list(limit, olderThan, status);
  }

  /** The sagas about a thing, oldest first. */
  bySubject(subject: string): Promise<SagaRecord[]> {
    return this.store.bySubject(subject);
  }

  /** @throws ContextError saga_not_found */
  async get(id: string): Promise<SagaRecord> {
    const saga = await this.store.find(id);
    if (!saga) throw ContextError.of('saga_not_found');
    return saga;
  }

  /** Lets it try again now. @throws ContextError saga_not_found, saga_ended */
  async retry(id: string): Promise<void> {
    await this.makeDue(id, { abort: false });
  }

  /** Makes it compensate. @throws ContextError saga_not_found, saga_ended */
  async abort(id: string): Promise<void> {
    await this.makeDue(id, { abort: true });
  }

  private async makeDue(id: string, options: { abort: boolean }): Promise<void> {
    const saga = await this.get(id);
    if (hasEnded(saga.status)) throw ContextError.of('saga_ended');
    await this.store.makeDue(id, options);
    this.engine.lookNow();
  }
}
