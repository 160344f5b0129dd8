/** Signals whose records are gone when they cannot be sent. Metrics are not: the next export has the whole sum. */
export type LosableSignal = 'traces' | 'logs';

/** Why a record was dropped: the process made more than it could send, or the collector did not take it. */
export type LossReason = 'queue_full' | 'export_failed';

export const LOSS_REASONS: readonly LossReason[] = ['queue_full', 'export_failed'];

const losses: Record<LosableSignal, Record<LossReason, number>> = {
  traces: { queue_full: 0, export_failed: 0 },
  logs: { queue_full: 0, export_failed: 0 },
};

/** Counted outside of the registry of metrics, since exporters start before it is there. */
export function countLoss(signal: LosableSignal, reason: LossReason, records: number): void {
  losses[signal][reason] += records;
}

/** Since the process started. */
export function lossesOf(signal: LosableSignal): Readonly<Record<LossReason, number>> {
  return losses[signal];
}
