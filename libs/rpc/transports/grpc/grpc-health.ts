import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { ServedService } from '../rpc.js';

/** grpc.health.v1: the status of the process as a whole, and of each service. */
export function addHealth(server: Server, services: readonly ServedService[]): void {
  const states = ['', ...services.map(({ fullName }) => fullName)].map((name) => [name, 'SERVING'] as const);
  new HealthImplementation(Object.fromEntries(states)).addToServer(server);
}
