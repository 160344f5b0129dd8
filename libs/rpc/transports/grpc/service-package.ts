import type { PackageDefinition } from '@grpc/proto-loader';
import type { ServedService } from '../rpc.js';

/** Contracts are encoded and decoded by their own codecs, so gRPC only passes bytes on. */
export const passOn = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The services as @grpc/grpc-js wants them described. */
export function describeServices(services: readonly ServedService[]): PackageDefinition {
  return Object.fromEntries(
    services.map(({ fullName, methods }) => [
      fullName,
      Object.fromEntries(methods.map((method) => [method, describeMethod(fullName, method)])),
    ]),
  ) as unknown as PackageDefinition;
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

/** `fissile.alpha.v1` of `fissile.alpha.v1.Alpha`, once each. */
export function packagesOf(services: readonly ServedService[]): string[] {
  const packages = services.map(({ fullName }) => fullName.slice(0, fullName.lastIndexOf('.')));
  return [...new Set(packages)];
}
