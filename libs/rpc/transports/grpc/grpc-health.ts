import type { Server } from '@grpc/grpc-js';
import type { ServedService } from '../rpc.js';
import { addDeferred, type DeferredMethod } from './deferred-service.js';

const METHODS: readonly DeferredMethod[] = [
  { path: '/grpc.health.v1.Health/Check', type: 'unary' },
  { path: '/grpc.health.v1.Health/List', type: 'unary' },
  { path: '/grpc.health.v1.Health/Watch', type: 'serverStream' },
];

/** grpc.health.v1: the status of the process as a whole, and of each service. */
export function addHealth(server: Server, services: readonly ServedService[]): void {
  addDeferred(server, METHODS, async () => {
    const { HealthImplementation } = await import('grpc-health-check');
    const states = ['', ...services.map(({ fullName }) => fullName)].map(
      (name) => [name, 'SERVING'] as const,
    );
    return new HealthImplementation(Object.fromEntries(states));
  });
}
