import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import { ContextError } from '#libs/contracts';
import type { OutgoingCall, RpcClient } from '../rpc.js';
import { errorFromWire, transportFailure } from '../wire-error.js';
import { type AnswerPacket, callPattern, type CallPacket, cancelPattern } from './packet.js';

/** What Nest's clients for TCP, NATS, RabbitMQ and Redis have in common. */
export interface PacketSender {
  send<Answer>(pattern: string, packet: unknown): Observable<Answer>;
  emit(pattern: string, packet: unknown): Observable<unknown>;
  close(): unknown;
}

/** Calls over one of Nest's clients that carry packets. */
export class PacketClient implements RpcClient {
  private readonly logger = new Logger(PacketClient.name);

  /** @param pack lets a transport add options of its own to the packet, such as how long a broker keeps it */
  constructor(
    private readonly proxy: PacketSender,
    private readonly prefix: string,
    private readonly pack: (packet: CallPacket) => unknown = (packet) => packet,
  ) {}

  call(call: OutgoingCall): Promise<Uint8Array> {
    const { context, service, method, metadata, timeoutMs, signal } = call;
    const body = Buffer.from(call.body).toString('base64');
    const packet = { id: randomUUID(), context, service, method, body, metadata, timeoutMs };
    return new Promise((resolve, reject) => {
      const subscription = this.proxy
        .send<AnswerPacket>(callPattern(this.prefix, context), this.pack(packet))
        .subscribe({
          next: (answer) => settle(answer, resolve, reject),
          error: (error: unknown) => {
            this.logger.debug(`${service}/${method}: ${String(error)}`);
            reject(transportFailure(context));
          },
          complete: () => {
            signal.removeEventListener('abort', abort);
            reject(transportFailure(context));
          },
        });
      const abort = (): void => {
        subscription.unsubscribe();
        this.callOff(packet, signal.reason);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  async close(): Promise<void> {
    await this.proxy.close();
  }

  /** The far side knows the deadline itself; that its caller has left it must be told. */
  private callOff({ id, context }: CallPacket, reason: unknown): void {
    if (reason instanceof ContextError && reason.code === 'deadline_exceeded') return;
    this.proxy.emit(cancelPattern(this.prefix, context), { id }).subscribe({ error: () => undefined });
  }
}

function settle(
  answer: AnswerPacket | null,
  resolve: (body: Uint8Array) => void,
  reject: (error: Error) => void,
): void {
  if (typeof answer?.body === 'string') resolve(Buffer.from(answer.body, 'base64'));
  else reject(errorFromWire(answer?.error));
}
