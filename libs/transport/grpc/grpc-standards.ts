import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServedService } from '../rpc.js';

/** grpc.health.v1: the process as a whole, and each service. */
export function addHealth(server: Server, services: readonly ServedService[]): void {
  const states = ['', ...services.map(({ fullName }) => fullName)].map((name) => [name, 'SERVING'] as const);
  new HealthImplementation(Object.fromEntries(states)).addToServer(server);
}

/** Lets tools such as grpcurl see the services. Needs the .proto files, which an image may leave out. */
export function addReflection(server: Server, services: readonly ServedService[]): void {
  const folder = contractsFolder();
  if (folder === undefined) return;
  const files = globSync('*/*.proto', { cwd: folder });
  const definition = loadSync(files, { includeDirs: [folder], keepCase: true });
  new ReflectionService(definition, { services: services.map(({ fullName }) => fullName) }).addToServer(
    server,
  );
}

/** libs/contracts of the project, wherever this file was compiled to. */
function contractsFolder(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const contracts = join(folder, 'libs/contracts');
    if (existsSync(join(folder, 'package.json')) && existsSync(contracts)) return contracts;
  }
  return undefined;
}
