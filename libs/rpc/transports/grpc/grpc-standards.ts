import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServedService } from '../rpc.js';

/** grpc.health.v1: the status of the process as a whole, and of each service. */
export function addHealth(server: Server, services: readonly ServedService[]): void {
  const states = ['', ...services.map(({ fullName }) => fullName)].map((name) => [name, 'SERVING'] as const);
  new HealthImplementation(Object.fromEntries(states)).addToServer(server);
}

/** The kit's own .proto files, relative to the compiled file. */
const KIT_PROTOS = fileURLToPath(new URL('../../../../contract/proto', import.meta.url));

/**
 * Adds server reflection, so that tools such as grpcurl can list the services.
 * @param protoFolder the .proto files of the product, at `<contract>/<contract>.proto`; without it, only the kit's
 * are shown
 */
export function addReflection(
  server: Server,
  services: readonly ServedService[],
  protoFolder: string | undefined,
): void {
  const folders = [KIT_PROTOS, ...(protoFolder === undefined ? [] : [protoFolder])];
  const files = folders.filter(existsSync).flatMap((folder) => globSync('*/*.proto', { cwd: folder }));
  if (files.length === 0) return;
  const definition = loadSync(files, { includeDirs: folders, keepCase: true });
  const described = services.filter(({ fullName }) => fullName in definition);
  new ReflectionService(definition, { services: described.map(({ fullName }) => fullName) }).addToServer(
    server,
  );
}
