import { Injectable, Logger } from '@nestjs/common';
import { RevocationBroadcast, Revocations } from '@fissile/kit/auth';
import { type ContextName, Access } from '@fissile/kit/contract';
import {
  Discovery,
  type Instance,
  CallTransport,
  ContractBinding,
  ContractRegistry,
  Placement,
} from '@fissile/kit/rpc';

/** A process that hangs must not keep a logout waiting for longer. */
const WAIT_AT_MOST_MS = 500;

/** Sends revocations to other processes, as calls of the contract Access. */
@Injectable()
export class ContractRevocations extends RevocationBroadcast {
  private readonly logger = new Logger(RevocationBroadcast.name);

  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
    private readonly discovery: Discovery,
    private readonly transport: CallTransport,
  ) {
    super();
  }

  async publish(subjectIds: readonly string[], at: Date): Promise<void> {
    const request = { subjectIds: [...subjectIds], revokedAt: at };
    const calls = this.listeners().map(({ context, at }) =>
      this.binding
        .client(Access, context, { at })
        .revoke(request)
        .catch(() =>
          this.logger.debug(
            `${at?.id ?? context} cannot be reached, and reads a revocation from the issuer later`,
          ),
        ),
    );
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise((resolve) => (timer = setTimeout(resolve, WAIT_AT_MOST_MS)));
    await Promise.race([Promise.all(calls), tooLong]);
    clearTimeout(timer);
  }

  /** Every other instance, those of this process's own contexts too; over a broker, which chooses, one of each process. */
  private listeners(): { context: ContextName; at: Instance | undefined }[] {
    const { rpc } = this.transport;
    if (!rpc) return [];
    const { otherProcesses, localContexts } = this.placement;
    if (rpc.broker !== undefined) return otherProcesses.map((context) => ({ context, at: undefined }));
    return [...otherProcesses, ...localContexts.slice(0, 1)].flatMap((context) =>
      this.discovery.othersOf(context).map((at) => ({ context, at })),
    );
  }
}

/** Receives the revocations that other processes send. */
@Injectable()
export class RevocationServing {
  constructor(revocations: Revocations, registry: ContractRegistry, placement: Placement) {
    for (const context of placement.localContexts) {
      registry.add(Access, context, {
        revoke: async ({ subjectIds, revokedAt }) => {
          for (const subjectId of subjectIds) if (revokedAt) revocations.add(subjectId, revokedAt);
          return {};
        },
      });
    }
  }
}
