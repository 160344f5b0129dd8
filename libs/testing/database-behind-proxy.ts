import { LossyProxy } from './lossy-proxy.js';
import { startTestServer } from './test-database.js';

/** A PostgreSQL server of its own that is reached through a proxy alone. */
export interface DatabaseBehindProxy {
  readonly proxy: LossyProxy;
  close(): Promise<void>;
}

export async function databaseBehindProxy(): Promise<DatabaseBehindProxy> {
  const server = await startTestServer();
  const proxy = await LossyProxy.before(server.url);
  return {
    proxy,
    close: async () => {
      await proxy.close();
      await server.stop();
    },
  };
}
