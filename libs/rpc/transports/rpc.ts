import type { ContextName } from '@fissile/kit/contract';
import type { CancellationToken } from '@fissile/kit/async';

/** A call on its way to another process. */
export interface OutgoingCall {
  readonly context: ContextName;
  /** Full name of the service in its .proto file, such as `fissile.alpha.v1.Alpha`. */
  readonly service: string;
  /** The method's name in the .proto file. */
  readonly method: string;
  /** The encoded request. */
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds left until nobody waits any more. */
  readonly timeoutMs: number;
  /** Comes when nobody waits any more; its reason is what the call rejects with. */
  readonly cancellation: CancellationToken;
}

/** Reaches other processes. */
export interface RpcClient {
  /**
   * @returns the encoded response
   * @throws ContextError: what the far side answered, or a failure of transport
   */
  call(call: OutgoingCall): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A call that has arrived from another process. */
export interface IncomingCall {
  /** Undefined when the caller leaves it open, as a client of one context may. */
  readonly context: string | undefined;
  readonly service: string;
  readonly method: string;
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined when the caller waits for ever. */
  readonly timeoutMs: number | undefined;
  /** Comes when the caller has gone away. */
  readonly cancellation: CancellationToken;
}

/** Gives the encoded response, or rejects with a ContextError. */
export type RpcHandler = (call: IncomingCall) => Promise<Uint8Array>;

/** Takes calls from other processes. */
export interface RpcServer {
  /** Resolves when calls can arrive; rejects when this cannot be reached now, such as a broker that is down. */
  listen(): Promise<void>;
  /** Whether calls can arrive at the moment. */
  isConnected(): boolean;
  close(): Promise<void>;
}

export interface ServedService {
  readonly fullName: string;
  readonly name: string;
  /** The names of its methods in the .proto file. */
  readonly methods: readonly string[];
}

/** What a server of calls serves, and where. */
export interface Serving {
  readonly host: string;
  readonly port: number;
  readonly contexts: readonly ContextName[];
  readonly services: readonly ServedService[];
  /** The .proto files of the product, for tools that ask a server what it serves. */
  readonly protoFolder?: string | undefined;
}

/** Where a context can be called. */
export interface CallTarget {
  readonly address: string;
  readonly port: number;
  readonly context: ContextName;
}

/** One way to carry calls. */
export interface RpcTransport {
  /** The broker that it needs, by the name that /health shows; undefined when processes connect directly. */
  readonly broker: string | undefined;
  /** Two targets with the same key can be reached by one client. */
  clientKey(target: CallTarget): string;
  connect(target: CallTarget, services: readonly ServedService[]): RpcClient;
  serve(serving: Serving, handler: RpcHandler): RpcServer;
}
