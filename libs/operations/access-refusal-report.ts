import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AccessRefusals, type RefusedAccess } from '@fissile/kit/auth';
import { currentCall, runInCall, runWithoutCall } from '@fissile/kit/request';
import { RefusalQuota } from './audit/refusal-quota.js';
import { OperationsClients } from './operations-clients.js';

const ACTION = 'access.refused';

/**
 * Writes down who was refused at an operators' route of this process, within a quota: in the log at warn, and in the audit log of a context,
 * since a gateway has none of its own. The answer does not wait for it.
 */
@Injectable()
export class AccessRefusalReport extends AccessRefusals implements OnModuleDestroy {
  private readonly logger = new Logger('Refusals');
  private readonly quota = new RefusalQuota((_action, omitted) => this.reportOmitted(omitted));

  constructor(private readonly clients: OperationsClients) {
    super();
  }

  override add({ route, reason, caller, authorization }: RefusedAccess): void {
    const call = currentCall();
    if (!call || !this.quota.admit(ACTION, call.source)) return;
    this.logger.warn(`${ACTION}: ${route} ${reason}`);
    const { requestId, clientRequestId, traceId, source } = call;
    // Without the deadline of the request, which is answered meanwhile.
    const context = { requestId, clientRequestId, traceId, source, caller, authorization };
    void runInCall(context, () => this.send(route, reason, 0));
  }

  async onModuleDestroy(): Promise<void> {
    await this.quota.close();
  }

  private async reportOmitted(omitted: number): Promise<void> {
    this.logger.warn(`${ACTION}: ${omitted} more within a minute`);
    await runWithoutCall(() => this.send('many', '', omitted));
  }

  private async send(route: string, reason: string, omitted: number): Promise<void> {
    try {
      await this.clients.auditor?.recordRefusal({ route, reason, omitted });
    } catch (error) {
      this.logger.warn(`a refusal is not in the audit log: ${String(error)}`);
    }
  }
}
