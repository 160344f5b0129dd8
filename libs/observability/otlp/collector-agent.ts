import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TlsContents, TlsFiles } from '@fissile/kit/config';

type Connect = HttpsAgent['createConnection'];

/** Keeps connections, and makes each new one with the files as they are then. */
class SecuredAgent extends HttpsAgent {
  private contents: TlsContents;

  constructor(private readonly files: TlsFiles) {
    super({ keepAlive: true });
    this.contents = files.read();
  }

  override createConnection(...[options, created]: Parameters<Connect>): Duplex | null | undefined {
    return super.createConnection({ ...options, ...this.read() }, created);
  }

  /** While a file is being replaced, it may be missing. */
  private read(): TlsContents {
    try {
      this.contents = this.files.read();
    } catch {
      // What was read last still holds.
    }
    return this.contents;
  }
}

/** The agent of an exporter, by the protocol of the collector's address. */
export function agentOf(files: TlsFiles): (protocol: string) => HttpAgent {
  return (protocol) => (protocol === 'https:' ? new SecuredAgent(files) : new HttpAgent({ keepAlive: true }));
}
