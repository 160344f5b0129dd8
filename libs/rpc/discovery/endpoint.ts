import type { Component } from '@fissile/kit/contract';

/** The endpoint of a process replica. */
export interface Endpoint {
  /** Host name or address, without a port. */
  readonly address: string;
  /** The port of the HTTP server. */
  readonly httpPort: number;
  /** The port for internal calls, where the transport needs one. */
  readonly rpcPort: number;
}

/** A process of the topology, and the endpoints of its replicas as the settings declare them. */
export interface PlannedProcess {
  readonly name: string;
  readonly hosts: readonly Component[];
  /** What may move to it while it runs: its code is loaded, and nothing of it works. */
  readonly standby?: readonly Component[];
  readonly endpoints: readonly Endpoint[];
}

/** The current process. */
export interface OwnProcess extends Endpoint {
  readonly name: string;
  /** What it hosts at its start. */
  readonly hosts: readonly Component[];
  readonly standby?: readonly Component[];
}

/** A replica that runs, or is believed to run. */
export interface Instance extends Endpoint {
  readonly id: string;
}

/** The instance at an endpoint that has no other name. */
export function instanceAt(place: Endpoint): Instance {
  return { ...place, id: hostAndPort(place.address, place.httpPort) };
}

/** The origin of an instance: http://host:port. */
export function originOf({ address, httpPort }: Endpoint): string {
  return `http://${hostAndPort(address, httpPort)}`;
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
