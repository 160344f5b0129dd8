import type { Server } from '@grpc/grpc-js';
import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServedService } from '../rpc.js';
import { addDeferred, type DeferredMethod } from './deferred-service.js';

/** The kit's own .proto files, relative to the compiled file. */
const KIT_PROTOS = fileURLToPath(new URL('../../../../contract/proto', import.meta.url));

const METHODS = ['v1', 'v1alpha'].map((version): DeferredMethod => {
  return { path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, type: 'bidi' };
});

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
  addDeferred(server, METHODS, async () => {
    const { ReflectionService } = await import('@grpc/reflection');
    const { loadSync } = await import('@grpc/proto-loader');
    const folders = [KIT_PROTOS, ...(protoFolder === undefined ? [] : [protoFolder])].filter(existsSync);
    const files = folders.flatMap((folder) => globSync('*/*.proto', { cwd: folder }));
    const definition = loadSync(files, { includeDirs: folders, keepCase: true });
    const described = services.map(({ fullName }) => fullName).filter((name) => name in definition);
    return new ReflectionService(definition, { services: described });
  });
}
