import { sharedWhileUnderWay } from '@fissile/kit/async';
import type { RpcTransport } from '../transports/rpc.js';

/** The transport for calls from this process to others; undefined while this process hosts everything. */
export class CallTransport {
  private opened: RpcTransport | undefined;

  /**
   * Loads the transport, unless it is there: a process that hosts everything needs none until a context moves away.
   * @throws Error where there is none to load
   */
  readonly open: () => Promise<RpcTransport>;

  constructor(rpc: RpcTransport | undefined, load?: () => Promise<RpcTransport>) {
    this.opened = rpc;
    this.open = sharedWhileUnderWay(async () => {
      this.opened ??= await load?.();
      if (!this.opened) throw new Error('This process has no transport for calls to other processes');
      return this.opened;
    });
  }

  get rpc(): RpcTransport | undefined {
    return this.opened;
  }
}
