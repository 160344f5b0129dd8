import type { Component } from '@fissile/kit/contract';
import { originOf, type OwnProcess } from './endpoint.js';

const CHECK_TIMEOUT = '3s';
/** Consul waits for at least a minute, and polls every 30 seconds. */
const FORGET_AFTER = '30s';

/** The name under which a context, or the gateway, is registered with Consul. */
export function serviceName(prefix: string, host: Component): string {
  return `${prefix}-${host}`;
}

/** A process at the same endpoint has the same id, so that its successor replaces one that was killed. */
export function serviceId(prefix: string, host: Component, { address, httpPort }: OwnProcess): string {
  return `${serviceName(prefix, host)}-${address.replaceAll(':', '.')}-${httpPort}`;
}

export interface ServiceDescription {
  readonly prefix: string;
  readonly self: OwnProcess;
  readonly version: string;
  /** How often Consul checks readiness. */
  readonly checkEveryMs: number;
}

/** The Consul registration of one context that this process hosts. */
export function describeService(
  host: Component,
  { prefix, self, version, checkEveryMs }: ServiceDescription,
) {
  return {
    ID: serviceId(prefix, host, self),
    Name: serviceName(prefix, host),
    Address: self.address,
    Port: self.httpPort,
    Meta: { rpcPort: String(self.rpcPort), version, process: self.name },
    Check: {
      Name: 'ready',
      HTTP: `${originOf(self)}/health/ready`,
      Interval: `${checkEveryMs}ms`,
      Timeout: CHECK_TIMEOUT,
      DeregisterCriticalServiceAfter: FORGET_AFTER,
      // A process registers once it serves; the first check may be an interval later.
      Status: 'passing',
    },
  };
}
