import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { AuditAction } from '@fissile/kit/contract';
import { currentCall, runWithoutCall } from '@fissile/kit/request';
import { type AuditEntry, AuditLog } from './audit-log.js';
import { RefusalQuota } from './refusal-quota.js';

/** What a context refuses and an operator should know of: in the log at warn, and in its audit log, both within a quota. */
@Injectable()
export class Refusals implements OnModuleDestroy {
  private readonly logger = new Logger(Refusals.name);
  private readonly quota = new RefusalQuota((action, omitted) => this.recordOmitted(action, omitted));

  constructor(private readonly audit: AuditLog) {}

  /** Not within a transaction: what is refused is rolled back. */
  async record(entry: Omit<AuditEntry, 'outcome'>): Promise<void> {
    const { action, subject } = entry;
    if (!this.quota.admit(action, currentCall()?.source)) return;
    this.logger.warn(`${action}: ${subject}`);
    await this.audit.record(undefined, { ...entry, outcome: 'refused' });
  }

  async onModuleDestroy(): Promise<void> {
    await this.quota.close();
  }

  private async recordOmitted(action: AuditAction, omitted: number): Promise<void> {
    this.logger.warn(`${action}: ${omitted} more within a minute`);
    const entry = { action, subject: 'many', outcome: 'refused', details: { omitted } } as const;
    // The call that began the minute is over, and was one of many.
    await runWithoutCall(() => this.audit.record(undefined, entry)).catch((error: unknown) =>
      this.logger.warn(`the number of refusals is not recorded: ${String(error)}`),
    );
  }
}
