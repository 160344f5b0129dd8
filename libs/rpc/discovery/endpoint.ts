import type { Component } from '@fissile/kit/contract';

/** Where a copy of a process can be reached. */
export interface Endpoint {
  /** Host name or address without a port. */
  readonly address: string;
  /** The port of its HTTP server. */
  readonly httpPort: number;
  /** The port of internal calls, where the transport needs one. */
  readonly rpcPort: number;
}

/** A process of the topology, and where the copies of it are as far as the settings say. */
export interface PlannedProcess {
  readonly name: string;
  readonly hosts: readonly Component[];
  readonly endpoints: readonly Endpoint[];
}

/** The process that this one is. */
export interface OwnProcess extends Endpoint {
  readonly name: string;
  readonly hosts: readonly Component[];
}

/** A copy of a process that runs, or that is believed to. */
export interface Instance extends Endpoint {
  readonly id: string;
}

/** The instance at a place that has no other name. */
export function instanceAt(place: Endpoint): Instance {
  return { ...place, id: hostAndPort(place.address, place.httpPort) };
}

/** http://host:port of an instance. */
export function originOf({ address, httpPort }: Endpoint): string {
  return `http://${hostAndPort(address, httpPort)}`;
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
