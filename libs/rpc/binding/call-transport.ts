import type { RpcTransport } from '../transports/rpc.js';

/** The transport for calls from this process to others; undefined when this process hosts everything. */
export class CallTransport {
  constructor(readonly rpc: RpcTransport | undefined) {}
}
