import { ContextError } from '@fissile/kit/contract';
import type { IncomingCall, RpcHandler, RpcServer } from '../transports/rpc.js';
import { NOT_BEGUN } from './not-begun.js';

/** A server of a transport, with the calls that it has taken and not answered. */
export class RunningServer {
  private readonly server: RpcServer;
  private refusing = false;
  private underWay = 0;
  private resolveIdle: () => void = () => undefined;

  constructor(
    serve: (handler: RpcHandler) => RpcServer,
    private readonly answer: RpcHandler,
  ) {
    this.server = serve((call) => this.take(call));
  }

  /** Resolves when calls can arrive; rejects when that is impossible now. */
  listen(): Promise<void> {
    return this.server.listen();
  }

  isConnected(): boolean {
    return this.server.isConnected();
  }

  /** Takes no more calls, and finishes those under way. */
  async stop(): Promise<void> {
    await this.server.stopReceiving?.();
    this.refusing = true;
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.resolveIdle = resolve));
    await this.server.close();
  }

  private async take(incoming: IncomingCall): Promise<Uint8Array> {
    if (this.refusing) throw ContextError.of('unavailable', 'This process is stopping', NOT_BEGUN);
    this.underWay += 1;
    try {
      return await this.answer(incoming);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.resolveIdle();
    }
  }
}
