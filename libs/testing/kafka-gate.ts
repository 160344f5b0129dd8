import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { onKafkaMessage } from './kafka-messages.js';
import type { KafkaMock } from './kafka-mock.js';
import type { TestCertificates } from './test-certificates.js';

const API_VERSIONS = 18;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
const AUTHENTICATION_FAILED = 58;
const MECHANISM = 'PLAIN';
/** As many letters as the name that certificates are for, so that one can take the place of the other in a message. */
const ADDRESS = Buffer.from('127.0.0.1');
const NAME = Buffer.from('localhost');

/** What a client has to show. */
export interface KafkaAccess {
  readonly certificates: TestCertificates;
  /** SASL, by the mechanism PLAIN; without it nobody signs in. */
  readonly user?: {
    readonly name: string;
    isPassword(password: string): boolean;
    /** How long a client stays signed in, in milliseconds. */
    readonly sessionMs: number;
  };
}

/**
 * TLS with certificates of clients, and SASL, in front of each broker of a mock cluster, which itself knows neither. Clients learn
 * of no other addresses.
 */
export class KafkaGate {
  private readonly sockets = new Set<Socket>();
  /** By the ports behind them. */
  private readonly servers = new Map<number, Server>();
  /** The clients that have signed in since the start, and again. */
  signedIn = 0;

  private constructor(
    private readonly mock: KafkaMock,
    private readonly access: KafkaAccess,
  ) {}

  static async open(mock: KafkaMock, access: KafkaAccess): Promise<KafkaGate> {
    const gate = new KafkaGate(mock, access);
    for (const port of [gate.firstPort, ...mock.brokerPorts]) await gate.listen(port);
    return gate;
  }

  /** What KAFKA_BROKERS is for it. */
  get url(): string {
    return `localhost:${this.portBefore(this.firstPort)}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(
      [...this.servers.values()].map((server) => new Promise((closed) => server.close(closed))),
    );
  }

  private get firstPort(): number {
    return Number(this.mock.url.split(':')[1]);
  }

  private portBefore(port: number): number {
    const address = this.servers.get(port)?.address() as AddressInfo | undefined;
    if (!address) throw new Error(`nothing listens before ${port}`);
    return address.port;
  }

  private async listen(behind: number): Promise<void> {
    const { ca, cert, key } = this.access.certificates;
    const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
    const server = createServer({ ...files, requestCert: true, rejectUnauthorized: true }, (client) =>
      this.join(client, connect(behind, '127.0.0.1')),
    );
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    this.servers.set(behind, server);
  }

  private join(client: TLSSocket, broker: Socket): void {
    let knownUntil = this.access.user ? 0 : Infinity;
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true).on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    onKafkaMessage(client, (request) => {
      const api = request.readInt16BE(4);
      if (api === SASL_HANDSHAKE) client.write(handshakeAnswer(request));
      else if (api === SASL_AUTHENTICATE) {
        const isGood = this.isGood(request);
        knownUntil = isGood ? Date.now() + (this.access.user?.sessionMs ?? 0) : 0;
        client.write(authenticationAnswer(request, isGood, this.access.user?.sessionMs ?? 0));
      } else if (api === API_VERSIONS || Date.now() < knownUntil) broker.write(request);
      else client.destroy();
    });
    onKafkaMessage(broker, (answer) => client.write(this.withOurAddresses(answer)));
  }

  /** A request of version 2 ends with the user and the password, and an empty list of tags. */
  private isGood(request: Buffer): boolean {
    const [, name, password = ''] = request.subarray(0, -1).toString('latin1').split('\0').slice(-3);
    const isGood = name === this.access.user?.name && this.access.user?.isPassword(password) === true;
    if (isGood) this.signedIn += 1;
    return isGood;
  }

  /** A broker names others, each by its host and then its port in four bytes. */
  private withOurAddresses(answer: Buffer): Buffer {
    for (let at = answer.indexOf(ADDRESS); at >= 0; at = answer.indexOf(ADDRESS, at + 1)) {
      const portAt = at + ADDRESS.length;
      if (portAt + 4 > answer.length || !this.servers.has(answer.readInt32BE(portAt))) continue;
      answer.writeInt32BE(this.portBefore(answer.readInt32BE(portAt)), portAt);
      NAME.copy(answer, at);
    }
    return answer;
  }
}

function handshakeAnswer(request: Buffer): Buffer {
  const answer = Buffer.alloc(4 + 4 + 2 + 4 + 2 + MECHANISM.length);
  answer.writeInt32BE(answer.length - 4, 0);
  request.copy(answer, 4, 8, 12);
  answer.writeInt32BE(1, 10);
  answer.writeInt16BE(MECHANISM.length, 14);
  answer.write(MECHANISM, 16);
  return answer;
}

/** Of version 2: the id and its tags, the error, no message, no bytes, the length of the session, tags. */
function authenticationAnswer(request: Buffer, isGood: boolean, sessionMs: number): Buffer {
  const answer = Buffer.alloc(4 + 4 + 1 + 2 + 1 + 1 + 8 + 1);
  answer.writeInt32BE(answer.length - 4, 0);
  request.copy(answer, 4, 8, 12);
  answer.writeInt16BE(isGood ? 0 : AUTHENTICATION_FAILED, 9);
  answer.writeUInt8(1, 12);
  answer.writeBigInt64BE(BigInt(sessionMs), 13);
  return answer;
}
