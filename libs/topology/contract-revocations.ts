import { Injectable, Logger } from '@nestjs/common';
import { RevocationBroadcast, Revocations } from '#libs/auth';
import { Access } from '#libs/contracts/access';
import { ContractBinding } from './contract-binding.js';
import { ContractRegistry } from './contract-registry.js';
import { Placement } from './placement.js';

/** A process that hangs must not keep a logout waiting for longer. */
const WAIT_AT_MOST_MS = 500;

/** Tells other processes of revocations as calls of the contract Access. */
@Injectable()
export class ContractRevocations extends RevocationBroadcast {
  private readonly logger = new Logger(RevocationBroadcast.name);

  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
  ) {
    super();
  }

  async tell(subjectIds: readonly string[], at: Date): Promise<void> {
    const request = { subjectIds: [...subjectIds], revokedAt: at };
    const calls = this.placement.otherProcesses.map((context) =>
      this.binding
        .client(Access, context)
        .revoke(request)
        .catch(() => this.logger.debug(`${context} is told of a revocation later`)),
    );
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise((resolve) => (timer = setTimeout(resolve, WAIT_AT_MOST_MS)));
    await Promise.race([Promise.all(calls), tooLong]);
    clearTimeout(timer);
  }
}

/** Lets other processes tell this one of revocations. */
@Injectable()
export class RevocationServing {
  constructor(revocations: Revocations, registry: ContractRegistry, placement: Placement) {
    for (const context of placement.contextsHere) {
      registry.add(Access, context, {
        revoke: async ({ subjectIds, revokedAt }) => {
          for (const subjectId of subjectIds) if (revokedAt) revocations.add(subjectId, revokedAt);
          return {};
        },
      });
    }
  }
}
