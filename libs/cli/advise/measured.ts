import type { Component, ContextName } from '@fissile/kit/contract';

/** Calls, requests or events a second between two components. */
export interface Flow {
  readonly from: Component;
  readonly to: ContextName;
  readonly perSecond: number;
  /** Of a call, request and answer together; null where none was measured. */
  readonly bytes: number | null;
}

export interface MeasuredProcess {
  readonly name: string;
  readonly hosts: readonly Component[];
  readonly instances: number;
  /** CPU seconds a second, of all its instances. */
  readonly cpu: number;
  readonly residentBytes: number;
  readonly databaseConnections: number;
}

export interface MeasuredContext {
  readonly name: ContextName;
  /** Requests to its part of the API that the gateway answered, a second. */
  readonly requestsPerSecond: number;
}

/** What a running product did for a while. */
export interface Measured {
  readonly seconds: number;
  readonly topology: string;
  readonly processes: readonly MeasuredProcess[];
  readonly contexts: readonly MeasuredContext[];
  /** Answered by the gateway. */
  readonly requestsPerSecond: number;
  /** Half of the requests took at most that long. */
  readonly medianMs: number | null;
  readonly calls: readonly Flow[];
  /** What is delivered without a broker. */
  readonly events: readonly Flow[];
}

/** Of all processes together, CPU seconds a second. */
export function cpuOf({ processes }: Pick<Measured, 'processes'>): number {
  return processes.reduce((sum, { cpu }) => sum + cpu, 0);
}
