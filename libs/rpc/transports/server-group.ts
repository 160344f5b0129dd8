import type { RpcServer } from './rpc.js';

/** Combines several servers into one, which is connected when all are. */
export class ServerGroup implements RpcServer {
  constructor(private readonly servers: readonly RpcServer[]) {}

  async listen(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.listen()));
  }

  isConnected(): boolean {
    return this.servers.every((server) => server.isConnected());
  }

  async stopReceiving(): Promise<void> {
    await Promise.all(this.servers.map(async (server) => server.stopReceiving?.()));
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }
}
