import type { Component } from '@fissile/kit/contract';
import { originOf, type OwnProcess } from './endpoint.js';

const CHECK_TIMEOUT = '3s';
/** Consul takes its time: it waits for a minute at least, and looks every half. */
const FORGET_AFTER = '30s';

/** The name under which Consul knows a context, or the gateway. */
export function serviceName(prefix: string, host: Component): string {
  return `${prefix}-${host}`;
}

/** A process at the same place has the same id, so that one that was killed is replaced by its successor. */
export function serviceId(prefix: string, host: Component, { address, httpPort }: OwnProcess): string {
  return `${serviceName(prefix, host)}-${address.replaceAll(':', '.')}-${httpPort}`;
}

export interface ServiceDescription {
  readonly prefix: string;
  readonly self: OwnProcess;
  readonly version: string;
  /** How often Consul asks whether it is ready. */
  readonly checkEveryMs: number;
}

/** What Consul is told of one context that this process hosts. */
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
      // It registers when it serves; the first check may be an interval away.
      Status: 'passing',
    },
  };
}
