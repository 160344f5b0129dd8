import type { RpcTransport } from '../transports/rpc.js';

/** What carries the calls of this process to others; nothing when it hosts everything. */
export class CallTransport {
  constructor(readonly rpc: RpcTransport | undefined) {}
}
