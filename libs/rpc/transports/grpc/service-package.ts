import type { ServiceDefinition } from '@grpc/grpc-js';
import type { ServedService } from '../rpc.js';

/** The contracts' own codecs encode and decode messages, so gRPC only passes bytes. */
export const passOn = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The service definitions in the form that @grpc/grpc-js requires. */
export function describeServices(services: readonly ServedService[]): Record<string, ServiceDefinition> {
  return Object.fromEntries(
    services.map(({ fullName, methods }) => [
      fullName,
      Object.fromEntries(methods.map((method) => [method, describeMethod(fullName, method)])),
    ]),
  );
}

function describeMethod(service: string, method: string) {
  return {
    path: `/${service}/${method}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: passOn,
    requestDeserialize: passOn,
    responseSerialize: passOn,
    responseDeserialize: passOn,
  };
}

/** The packages of services, such as `fissile.alpha.v1` of `fissile.alpha.v1.Alpha`, without duplicates. */
export function packagesOf(services: readonly ServedService[]): string[] {
  const packages = services.map(({ fullName }) => fullName.slice(0, fullName.lastIndexOf('.')));
  return [...new Set(packages)];
}
