import {
  type sendUnaryData,
  type Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { passOn } from './service-package.js';

export interface DeferredMethod {
  readonly path: string;
  readonly type: 'unary' | 'serverStream' | 'bidi';
}

/** A service of a library. */
interface AddedService {
  addToServer(server: {
    addService(methods: ServiceDefinition, handlers: UntypedServiceImplementation): void;
  }): void;
}

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Stream = ServerDuplexStream<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;
type Description = ServiceDefinition[string];

interface Loaded {
  readonly description: Description;
  readonly handle: (
    call: object,
    respond?: (error: Partial<ServiceError> | null, message?: unknown) => void,
  ) => void;
}

/**
 * Serves a standard service whose library is loaded at the first call: with the parser of .proto files that it brings, it takes
 * a tenth of the start of a process, and hardly a process is ever asked.
 */
export function addDeferred(
  server: Server,
  methods: readonly DeferredMethod[],
  load: () => Promise<AddedService>,
): void {
  let loaded: Promise<ReadonlyMap<string, Loaded>> | undefined;
  for (const { path, type } of methods) {
    const method = async (): Promise<Loaded> => {
      loaded ??= load().then(methodsOf);
      const found = (await loaded).get(path);
      if (!found) throw new Error(`the library does not serve ${path}`);
      return found;
    };
    const answer = (call: Unary, respond: sendUnaryData<Buffer>): void =>
      void method()
        .then((found) => answerOne(found, call, respond))
        .catch(() => respond({ code: status.INTERNAL }));
    const stream = (call: Stream): void =>
      void method()
        .then((found) => answerMany(found, call))
        .catch(() => call.emit('error', { code: status.INTERNAL }));
    server.register(path, type === 'unary' ? answer : stream, passOn, passOn, type);
  }
}

function methodsOf(service: AddedService): ReadonlyMap<string, Loaded> {
  const byPath = new Map<string, Loaded>();
  service.addToServer({
    addService: (methods, handlers) => {
      for (const [name, description] of Object.entries(methods)) {
        const handle = (handlers[name] ?? handlers[description.originalName ?? name]) as Loaded['handle'];
        byPath.set(description.path, { description, handle });
      }
    },
  });
  return byPath;
}

const MALFORMED = { code: status.INVALID_ARGUMENT, details: 'The message is none of this method' };

function answerOne({ description, handle }: Loaded, call: Unary, respond: sendUnaryData<Buffer>): void {
  const request = decode(description, call.request);
  if (request === undefined) return respond(MALFORMED);
  handle({ request }, (error, message) =>
    error ? respond(error) : respond(null, description.responseSerialize(message)),
  );
}

/** Gives the library's handler a call of bytes as one of messages. */
function answerMany({ description, handle }: Loaded, call: Stream): void {
  const request = 'request' in call ? decode(description, call.request) : undefined;
  if ('request' in call && request === undefined) return void call.emit('error', MALFORMED);
  const view = {
    request,
    on: (event: string, listener: (value?: unknown) => void): object => {
      const read = (bytes: Buffer): void => {
        const message = decode(description, bytes);
        if (message === undefined) call.emit('error', MALFORMED);
        else listener(message);
      };
      call.on(event, event === 'data' ? read : listener);
      return view;
    },
    write: (message: unknown): boolean => call.write(description.responseSerialize(message)),
    end: (): void => void call.end(),
  };
  handle(view);
}

/** Undefined for bytes that are no message. */
function decode(description: Description, bytes: Buffer): unknown {
  try {
    return description.requestDeserialize(bytes) as unknown;
  } catch {
    return undefined;
  }
}
