import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A TCP proxy that injects network faults on request: delays, silence, dropped connections and lost responses. */
export class LossyProxy {
  private readonly pairs = new Set<Socket>();
  private readonly frozen = new WeakSet<Socket>();
  /** How many chunks of data frozen connections have swallowed. */
  swallowed = 0;
  private delayMs: () => number = () => 0;
  private dropsNow: () => boolean = () => false;
  private gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;
  private lostRequest:
    { readonly pattern: RegExp; readonly happens: (found: RegExpExecArray) => boolean } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Proxies the server of a URL, which must have a port. */
  static async before(url: string): Promise<LossyProxy> {
    const server = createServer();
    const proxy = new LossyProxy(server, new URL(url));
    server.on('connection', (client) => proxy.join(client));
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    return proxy;
  }

  /** The URL of the server through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Delays each chunk of data by the milliseconds that the function returns. */
  delay(ms: () => number): void {
    this.delayMs = ms;
  }

  /** Breaks the connection of each chunk for which the function returns true. */
  drop(now: () => boolean): void {
    this.dropsNow = now;
  }

  /** Forwards a request with that text to the server, and breaks the connection before the response comes back. */
  loseAnswersTo(pattern: RegExp, happens: (found: RegExpExecArray) => boolean): void {
    this.lostRequest = { pattern, happens };
  }

  /** Swallows from now on what the open connections send and receive, and closes none; new connections work. */
  freeze(): void {
    for (const socket of this.pairs) this.frozen.add(socket);
  }

  /** Accepts connections and data, and passes nothing on until `resume`. */
  pause(): void {
    this.gate = new Promise((open) => (this.openGate = open));
  }

  resume(): void {
    this.openGate();
  }

  /** Breaks all connections at once. */
  cut(): void {
    for (const socket of this.pairs) socket.destroy();
  }

  behave(): void {
    this.delayMs = () => 0;
    this.dropsNow = () => false;
    this.lostRequest = undefined;
    this.resume();
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
      // The other side of a frozen connection does not learn of its end.
      const ended = (): void => (this.frozen.has(socket) ? void this.pairs.delete(socket) : end());
      socket.setNoDelay(true).on('error', ended).on('close', ended);
    }
    this.carry(client, upstream, end, (data) => {
      const { lostRequest } = this;
      const found = lostRequest?.pattern.exec(data.toString('latin1'));
      answerIsLost ||= found && lostRequest ? lostRequest.happens(found) : false;
      return false;
    });
    this.carry(upstream, client, end, () => answerIsLost);
  }

  private carry(from: Socket, to: Socket, end: () => void, isLost: (data: Buffer) => boolean): void {
    let before: Promise<void> = Promise.resolve();
    from.on('data', (data) => {
      if (this.frozen.has(from)) {
        this.swallowed += 1;
        return;
      }
      if (isLost(data) || this.dropsNow()) return end();
      const ms = this.delayMs();
      const { gate } = this;
      before = before
        .then(() => gate)
        .then(() => (ms === 0 ? undefined : pause(ms)))
        .then(() => void to.write(data));
    });
  }
}
