import { Injectable } from '@nestjs/common';
import type { ContextName } from '@fissile/kit/contract';
import { BreakerSettings } from './breaker.settings.js';

export interface TimedCall {
  readonly context: ContextName;
  /** The name of the method in TypeScript. */
  readonly name: string;
  /** Whether the contract declares the method as long-running. */
  readonly longRunning: boolean;
}

/** The maximum duration of a call to another process, by the settings and the method's contract. */
@Injectable()
export class CallTimes {
  private rules: readonly string[] = [];
  private byName = new Map<string, number>();

  constructor(private readonly settings: BreakerSettings) {}

  /** In milliseconds; Infinity when only the call's own deadline bounds it. */
  of({ context, name, longRunning }: TimedCall): number {
    const { BREAKER_ENABLED, BREAKER_TIMEOUT_MS, BREAKER_TIMEOUTS } = this.settings;
    if (!BREAKER_ENABLED) return Infinity;
    if (this.rules !== BREAKER_TIMEOUTS) this.read(BREAKER_TIMEOUTS);
    const ofMethod = this.byName.get(`${context}.${name}`) ?? this.byName.get(context);
    return ofMethod ?? (longRunning ? Infinity : BREAKER_TIMEOUT_MS);
  }

  private read(rules: readonly string[]): void {
    this.rules = rules;
    this.byName = new Map(
      rules.map((rule) => {
        const [name = '', ms] = rule.split('=');
        return [name, Number(ms)];
      }),
    );
  }
}
