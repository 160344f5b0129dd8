import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A TCP proxy that does to connections what networks do: it delays, drops and loses answers, when the test asks for it. */
export class LossyProxy {
  private readonly pairs = new Set<Socket>();
  private delayMs: () => number = () => 0;
  private dropsNow: () => boolean = () => false;
  private lostRequest: { readonly pattern: RegExp; readonly happens: () => boolean } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Stands before the server of a URL, with a port. */
  static async before(url: string): Promise<LossyProxy> {
    const server = createServer();
    const proxy = new LossyProxy(server, new URL(url));
    server.on('connection', (client) => proxy.join(client));
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    return proxy;
  }

  /** The URL by which the server is reached through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Every piece of data waits that long. */
  delay(ms: () => number): void {
    this.delayMs = ms;
  }

  /** Asked for each piece of data: whether its connection breaks now. */
  drop(now: () => boolean): void {
    this.dropsNow = now;
  }

  /** A request with that text reaches the server, and the connection breaks before the answer comes back. */
  loseAnswersTo(pattern: RegExp, happens: () => boolean): void {
    this.lostRequest = { pattern, happens };
  }

  /** Breaks all connections at once. */
  cut(): void {
    for (const socket of this.pairs) socket.destroy();
  }

  behave(): void {
    this.delayMs = () => 0;
    this.dropsNow = () => false;
    this.lostRequest = undefined;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.server.close(closed));
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    let answerIsLost = false;
    const end = (): void => {
      for (const socket of [client, upstream]) this.pairs.delete(socket.destroy());
    };
    for (const socket of [client, upstream]) {
      this.pairs.add(socket);
      socket.setNoDelay(true).on('error', end).on('close', end);
    }
    this.carry(client, upstream, end, (data) => {
      const { lostRequest } = this;
      answerIsLost ||=
        lostRequest !== undefined &&
        lostRequest.pattern.test(data.toString('latin1')) &&
        lostRequest.happens();
      return false;
    });
    this.carry(upstream, client, end, () => answerIsLost);
  }

  private carry(from: Socket, to: Socket, end: () => void, isLost: (data: Buffer) => boolean): void {
    let before: Promise<void> = Promise.resolve();
    from.on('data', (data) => {
      if (isLost(data) || this.dropsNow()) return end();
      const ms = this.delayMs();
      before = before.then(() => (ms === 0 ? undefined : pause(ms))).then(() => void to.write(data));
    });
  }
}
