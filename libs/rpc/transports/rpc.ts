import type { ContextName } from '@fissile/kit/contract';
import type { CancellationToken } from '@fissile/kit/async';

/** A call to another process. */
export interface OutgoingCall {
  readonly context: ContextName;
  /** Full name of the service in its .proto file, such as `fissile.alpha.v1.Alpha`. */
  readonly service: string;
  /** The method's name in the .proto file. */
  readonly method: string;
  /** Whether the method is declared so: a call that is lost on the way may then be sent again. */
  readonly isIdempotent: boolean;
  /** The encoded request. */
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds until the caller stops waiting. */
  readonly timeoutMs: number;
  /** Cancelled when the caller stops waiting; the call rejects with its reason. */
  readonly cancellation: CancellationToken;
}

/** Calls other processes. */
export interface RpcClient {
  /**
   * @returns the encoded response
   * @throws ContextError: the error from the remote side, or a transport failure
   */
  call(call: OutgoingCall): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A call received from another process. */
export interface IncomingCall {
  /** Undefined when the caller omits it, as a client of one context may. */
  readonly context: string | undefined;
  readonly service: string;
  readonly method: string;
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds; undefined when the caller sets no deadline. */
  readonly timeoutMs: number | undefined;
  /** Cancelled when the caller disconnects or cancels. */
  readonly cancellation: CancellationToken;
}

/** Resolves with the encoded response, or rejects with a ContextError. */
export type RpcHandler = (call: IncomingCall) => Promise<Uint8Array>;

/** Receives calls from other processes. */
export interface RpcServer {
  /** Resolves when calls can arrive; rejects when that is impossible now, for example because a broker is down. */
  listen(): Promise<void>;
  /** Whether calls can arrive now. */
  isConnected(): boolean;
  /** Resolves when a broker sends no more calls. Where processes connect directly, callers are told by refusals. */
  stopReceiving?(): Promise<void>;
  close(): Promise<void>;
}

/** How many bytes of a message are taken at most while nothing has shown who sends it. */
export const MOST_UNPROVEN = 64 * 1024;

/**
 * Rejects with a ContextError for who is not of the product, by the metadata of a call. Where those arrive before the message, no
 * more than a little of it is taken before.
 */
export type Admit = (metadata: Readonly<Record<string, string>>) => Promise<void>;

export interface ServedService {
  readonly fullName: string;
  readonly name: string;
  /** The names of its methods in the .proto file. */
  readonly methods: readonly string[];
}

/** What an RPC server serves, and at which endpoint. */
export interface Serving {
  readonly host: string;
  readonly port: number;
  readonly contexts: readonly ContextName[];
  readonly services: readonly ServedService[];
  /** Without it, messages of any length are taken of anyone, and left to the handler. */
  readonly admit?: Admit | undefined;
  /** The .proto files of the product, for tools that use reflection. */
  readonly protoFolder?: string | undefined;
}

/** The endpoint where a context can be called. */
export interface CallTarget {
  readonly address: string;
  readonly port: number;
  readonly context: ContextName;
}

/** A way to transport calls. */
export interface RpcTransport {
  /** The broker that it needs, by its name in /health; undefined when processes connect directly. */
  readonly broker: string | undefined;
  /** Targets with the same key share one client. */
  clientKey(target: CallTarget): string;
  connect(target: CallTarget, services: readonly ServedService[]): RpcClient;
  serve(serving: Serving, handler: RpcHandler): RpcServer;
}
