import { Injectable, Logger, Optional } from '@nestjs/common';
import { type LoopReport, loopReports, settledWithin } from '@fissile/kit/async';
import { RevocationBroadcast, Revocations } from '@fissile/kit/auth';
import { LiveSettings } from '@fissile/kit/config';
import { Processes } from '@fissile/kit/contract';
import { RecentTelemetry, redactor } from '@fissile/kit/observability';
import { ProcessClients } from '@fissile/kit/operations';
import { addressOfProcess, Breakers, ContractRegistry, Placement } from '@fissile/kit/rpc';
import { recentTelemetryServing } from './recent-telemetry-serving.js';

/** A process that hangs must not keep a logout waiting for longer. */
const WAIT_AT_MOST_MS = 500;
/** Enough to see what is wrong. */
const LONGEST_ERROR = 500;

/** Publishes revocations to the other processes, the gateway's too, as calls of the contract Processes. */
@Injectable()
export class ProcessRevocations extends RevocationBroadcast {
  private readonly logger = new Logger(RevocationBroadcast.name);

  constructor(private readonly processes: ProcessClients) {
    super();
  }

  async publish(subjectIds: readonly string[], at: Date): Promise<void> {
    const request = { subjectIds: [...subjectIds], revokedAt: at };
    const calls = this.processes
      .others()
      .map(({ name, client }) =>
        client
          .revoke(request)
          .catch(() => this.logger.debug(`${name} was not notified of a revocation, and will poll for it`)),
      );
    await settledWithin(Promise.all(calls), WAIT_AT_MOST_MS);
  }
}

/** Serves the contract Processes under the name of this process. */
@Injectable()
export class ProcessServing {
  constructor(
    registry: ContractRegistry,
    placement: Placement,
    revocations: Revocations,
    breakers: Breakers,
    live: LiveSettings,
    // An application of its own has its own traces and logger.
    @Optional() recent: RecentTelemetry = RecentTelemetry.off(),
  ) {
    registry.add(Processes, addressOfProcess(placement.self.name), {
      revoke: async ({ subjectIds, revokedAt }) => {
        for (const subjectId of subjectIds) if (revokedAt) revocations.add(subjectId, revokedAt);
        return {};
      },
      listBreakers: async () => ({ breakers: breakers.all() }),
      listSettings: async () => {
        const { settings, refused, waiting, consul } = live.describe();
        return {
          consul,
          refused: [...refused],
          waiting: [...waiting],
          settings: settings.map(({ value, ...setting }) => ({ ...setting, value: value ?? undefined })),
        };
      },
      listSchedules: async () => ({ schedules: loopReports().map(withSafeError) }),
      ...recentTelemetryServing(recent),
    });
  }
}

const redact = redactor([]);

/** The message goes to the log too, by the same rules. */
function withSafeError({ error, ...report }: LoopReport): LoopReport {
  return { ...report, error: error === undefined ? undefined : redact(error).slice(0, LONGEST_ERROR) };
}
