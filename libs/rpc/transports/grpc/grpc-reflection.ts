import {
  type Server,
  type ServerDuplexStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServedService } from '../rpc.js';
import { passOn } from './service-package.js';

/** The kit's own .proto files, relative to the compiled file. */
const KIT_PROTOS = fileURLToPath(new URL('../../../../contract/proto', import.meta.url));

const PATHS = ['v1', 'v1alpha'].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

type Stream = ServerDuplexStream<Buffer, Buffer>;
type Serve = (stream: Stream) => void;

/**
 * Adds server reflection, so that tools such as grpcurl can list the services. The .proto files are read when a tool asks for the
 * first time: that takes a tenth of the start of a process, and hardly a process is ever asked.
 * @param protoFolder the .proto files of the product, at `<contract>/<contract>.proto`; without it, only the kit's
 * are shown
 */
export function addReflection(
  server: Server,
  services: readonly ServedService[],
  protoFolder: string | undefined,
): void {
  const folders = [KIT_PROTOS, ...(protoFolder === undefined ? [] : [protoFolder])].filter(existsSync);
  const files = folders.flatMap((folder) => globSync('*/*.proto', { cwd: folder }));
  if (files.length === 0) return;
  let loaded: Promise<ReadonlyMap<string, Serve>> | undefined;
  for (const path of PATHS) {
    const serve = (stream: Stream): void => {
      const fail = (): void => void stream.emit('error', { code: status.INTERNAL });
      loaded ??= load(files, folders, services);
      loaded.then((byPath) => byPath.get(path)?.(stream)).catch(fail);
    };
    server.register(path, serve, passOn, passOn, 'bidi');
  }
}

/** What serves each path. */
async function load(
  files: readonly string[],
  folders: readonly string[],
  services: readonly ServedService[],
): Promise<ReadonlyMap<string, Serve>> {
  const { ReflectionService } = await import('@grpc/reflection');
  const definition = loadSync([...files], { includeDirs: [...folders], keepCase: true });
  const described = services.map(({ fullName }) => fullName).filter((name) => name in definition);
  const byPath = new Map<string, Serve>();
  const addService = (methods: ServiceDefinition, handlers: UntypedServiceImplementation): void => {
    for (const [name, method] of Object.entries(methods)) {
      const handle = handlers[name] as (stream: unknown) => void;
      byPath.set(method.path, (stream) => handle(decoded(stream, method)));
    }
  };
  new ReflectionService(definition, { services: described }).addToServer({ addService });
  return byPath;
}

/** A stream of bytes as the library's handlers use it: as one of messages. */
function decoded(stream: Stream, method: ServiceDefinition[string]): object {
  const decode = (bytes: Buffer): unknown => {
    try {
      return method.requestDeserialize(bytes);
    } catch {
      stream.emit('error', { code: status.INVALID_ARGUMENT, details: 'The message is none of this method.' });
      return undefined;
    }
  };
  const view = {
    on: (event: string, listener: (value?: unknown) => void): object => {
      stream.on(event, event === 'data' ? (bytes: Buffer) => pass(decode(bytes), listener) : listener);
      return view;
    },
    write: (message: unknown): boolean => stream.write(method.responseSerialize(message)),
    end: (): void => void stream.end(),
  };
  return view;
}

function pass(message: unknown, listener: (value: unknown) => void): void {
  if (message !== undefined) listener(message);
}
