import { connect, type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';

/** Somebody who has an account of NATS, and tries what it may. */
export class NatsIntruder {
  private readonly refused: string[] = [];

  private constructor(private readonly connection: NatsConnection) {
    void this.watch();
  }

  static async connect(address: string): Promise<NatsIntruder> {
    const { host, username: user, password: pass } = new URL(address);
    return new NatsIntruder(await connect({ servers: [host], user, pass }));
  }

  async mayPublish(subject: string, text = ''): Promise<boolean> {
    this.connection.publish(subject, text);
    return this.isAllowed(subject);
  }

  async mayRead(subject: string): Promise<boolean> {
    const subscription = this.connection.subscribe(subject, { callback: () => undefined });
    try {
      return await this.isAllowed(subject);
    } finally {
      subscription.unsubscribe();
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** The server says what it refuses before it answers what was sent after it. */
  private async isAllowed(subject: string): Promise<boolean> {
    await this.connection.flush();
    // What it said is handed on in a later turn.
    await new Promise((turn) => setImmediate(turn));
    return !this.refused.includes(subject);
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      this.refused.push(status.error.subject);
    }
  }
}
