import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onKafkaMessage } from './kafka-messages.js';
import { until } from './until.js';

const API_VERSIONS = 18;
const LIST_OFFSETS = 2;
/** The mock cluster writes later versions of this response with four bytes too many per partition. */
const SOUND_LIST_OFFSETS = 3;

/**
 * The mock cluster of librdkafka, the library of kcat, made for its own tests: it speaks Kafka's protocol and keeps
 * all data in memory, so it is empty after a restart. Its brokers choose their ports; a proxy on a chosen port
 * forwards to the first, where clients query the supported API versions.
 */
export class KafkaMock {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly server: Server,
    readonly url: string,
    /** The ports that the brokers have chosen. */
    readonly brokerPorts: readonly number[],
  ) {}

  /** @param kcat the path of the program */
  static async start(kcat: string, port: number): Promise<KafkaMock> {
    const parameters = ['-X', 'test.mock.num.brokers=3', '-C', '-t', 'warmup', '-b', 'unused:1'];
    const child = spawn(kcat, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    const addresses = /replaced with ((?:127\.0\.0\.1:\d+,?)+)/;
    const printed = await until(
      'kcat prints the addresses of its cluster',
      () => addresses.exec(output)?.[1],
    );
    const brokerPorts = printed.split(',').map((address) => Number(address.split(':')[1]));
    const [firstPort = 0] = brokerPorts;
    const server = createServer().listen(port, '127.0.0.1');
    const mock = new KafkaMock(child, server, `127.0.0.1:${port}`, brokerPorts);
    server.on('connection', (client) => mock.join(client, connect(firstPort, '127.0.0.1')));
    await new Promise((listening) => server.once('listening', listening));
    return mock;
  }

  /** Why there is no cluster any more; undefined while it runs. Its own faults are no faults of those that it serves. */
  get failure(): string | undefined {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) return undefined;
    return `the mock cluster ended with ${signalCode ?? exitCode}`;
  }

  /** Suspends the cluster: it accepts data but does not respond, until it is resumed. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    if (this.failure === undefined && this.child.kill('SIGKILL')) await ended;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => this.server.close(closed));
  }

  private join(client: Socket, broker: Socket): void {
    const correlationIds = new Set<number>();
    this.carry(client, broker, (request) => {
      if (request.readInt16BE(4) === API_VERSIONS) correlationIds.add(request.readInt32BE(8));
    });
    this.carry(broker, client, (answer) => {
      if (correlationIds.delete(answer.readInt32BE(4))) lowerVersion(answer);
    });
  }

  /** @param see receives each message with its length prefix, and may modify it */
  private carry(from: Socket, to: Socket, see: (message: Buffer) => void): void {
    this.sockets.add(from);
    from.setNoDelay(true).on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    onKafkaMessage(from, (message) => {
      see(message);
      to.write(message);
    });
  }
}

/** In a response of length, id, error, and a list of APIs, each with its key, minimum and maximum version. */
function lowerVersion(answer: Buffer): void {
  if (answer.readInt16BE(8) !== 0) return;
  const count = answer.readInt32BE(10);
  for (let at = 14; at < 14 + count * 6; at += 6) {
    if (answer.readInt16BE(at) === LIST_OFFSETS) answer.writeInt16BE(SOUND_LIST_OFFSETS, at + 4);
  }
}
