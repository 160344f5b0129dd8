import { Logger } from '@nestjs/common';
import Circuit from 'opossum';
import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { BreakerMetrics, BreakerState, CallOutcome } from './breaker-metrics.js';
import type { BreakerSettings } from './breaker.settings.js';
import { Bulkhead } from './bulkhead.js';
import { isCancelled, isNoAnswer } from './no-answer.js';

type Work = () => Promise<unknown>;
/** Whether the caller, and not the target, caused an error. */
type IsOurs = (error: unknown) => boolean;

type FailedOutcome = Exclude<CallOutcome, 'rejected'>;

const WINDOW_MS = 10_000;

export interface BreakerStatus {
  readonly target: string;
  readonly state: BreakerState;
  /** Calls to the target in progress. */
  readonly inFlight: number;
}

/**
 * A circuit breaker for one target. When too many calls get no response, it opens and rejects calls at once; from
 * time to time it lets one probe through to check whether the target has recovered. Any response counts as success,
 * even a refusal.
 */
export class Breaker {
  private readonly logger = new Logger('Breaker');
  private readonly bulkhead: Bulkhead;
  private circuit: Circuit<[Work]>;
  private rules: string;
  private openedAt = 0;

  constructor(
    /** The name of the target, for operators. */
    readonly target: string,
    private readonly context: ContextName,
    private readonly settings: BreakerSettings,
    private readonly metrics: BreakerMetrics,
  ) {
    this.bulkhead = new Bulkhead(target, context, metrics);
    this.rules = this.currentRules();
    this.circuit = this.newCircuit();
  }

  get state(): BreakerState {
    if (!this.settings.BREAKER_ENABLED || this.circuit.closed) return 'closed';
    return this.circuit.halfOpen ? 'half-open' : 'open';
  }

  get status(): BreakerStatus {
    return { target: this.target, state: this.state, inFlight: this.bulkhead.inFlight };
  }

  /**
   * Runs the work, unless the circuit is open or too many calls are in progress.
   * @param isCallerFault identifies errors that say nothing about the target, such as a deadline that was too short
   * for it
   * @throws ContextError unavailable, with `retryAfter` in seconds, or any error that the work throws
   */
  async run<T>(work: () => Promise<T>, isCallerFault: IsOurs = () => false): Promise<T> {
    if (!this.settings.BREAKER_ENABLED || this.circuit.isShutdown) return work();
    this.followSettings();
    return this.bulkhead.run(this.settings.BREAKER_MAX_CONCURRENT, () => this.fire(work, isCallerFault));
  }

  /** After this, calls that the process makes during its shutdown bypass the breaker. */
  close(): void {
    this.circuit.shutdown();
  }

  private async fire<T>(work: () => Promise<T>, isCallerFault: IsOurs): Promise<T> {
    const judged = (): Promise<T> =>
      work().catch((error: unknown) => {
        throw new Judged(error, outcomeOf(error, isCallerFault));
      });
    try {
      const answer = (await this.circuit.fire(judged)) as T;
      this.metrics.call(this.target, 'ok');
      return answer;
    } catch (error) {
      if (!(error instanceof Judged)) throw this.refuse();
      this.metrics.call(this.target, error.outcome);
      throw error.reason;
    }
  }

  private refuse(): ContextError {
    this.metrics.call(this.target, 'rejected');
    const untilProbeMs = this.openedAt + this.settings.BREAKER_RESET_MS - Date.now();
    const retryAfter = Math.max(1, Math.ceil(untilProbeMs / 1000));
    return ContextError.of('unavailable', `The circuit breaker of ${this.context} is open`, { retryAfter });
  }

  /**
   * A circuit's thresholds are fixed at construction: a changed setting creates a new circuit, which starts closed.
   */
  private followSettings(): void {
    const rules = this.currentRules();
    if (rules === this.rules) return;
    this.rules = rules;
    this.circuit.shutdown();
    this.circuit = this.newCircuit();
  }

  private currentRules(): string {
    const { BREAKER_ERROR_PERCENT, BREAKER_MIN_VOLUME, BREAKER_RESET_MS } = this.settings;
    return `${BREAKER_ERROR_PERCENT} ${BREAKER_MIN_VOLUME} ${BREAKER_RESET_MS}`;
  }

  private newCircuit(): Circuit<[Work]> {
    const circuit: Circuit<[Work]> = new Circuit((work: Work) => work(), {
      name: this.target,
      // The deadline cancels the work, on the remote side too; a second timeout here would only stop waiting.
      timeout: false,
      errorThresholdPercentage: this.settings.BREAKER_ERROR_PERCENT,
      volumeThreshold: this.settings.BREAKER_MIN_VOLUME,
      resetTimeout: this.settings.BREAKER_RESET_MS,
      rollingCountTimeout: WINDOW_MS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      // A probe that was cut short proves nothing, so the circuit stays open.
      errorFilter: ({ outcome }: Judged) =>
        outcome === 'ok' || (outcome === 'cut_short' && !circuit.halfOpen),
    });
    this.watch(circuit);
    return circuit;
  }

  private watch(circuit: Circuit<[Work]>): void {
    this.metrics.state(this.target, 'closed');
    circuit.on('open', () => {
      this.openedAt = Date.now();
      this.metrics.state(this.target, 'open');
      this.logger.warn(`${this.target} does not respond: its circuit breaker is open`);
    });
    circuit.on('halfOpen', () => this.metrics.state(this.target, 'half-open'));
    circuit.on('close', () => {
      this.metrics.state(this.target, 'closed');
      this.logger.log(`${this.target} responds again: its circuit breaker is closed`);
    });
  }
}

/** The error of the work, classified by what it says about the target. */
class Judged extends Error {
  constructor(
    readonly reason: unknown,
    readonly outcome: FailedOutcome,
  ) {
    super('The work failed');
  }
}

function outcomeOf(error: unknown, isCallerFault: IsOurs): FailedOutcome {
  if (isCancelled(error)) return 'cut_short';
  if (!isNoAnswer(error)) return 'ok';
  return isCallerFault(error) ? 'cut_short' : 'failed';
}
