import { type Client, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type TlsFiles, TlsReports } from '@fissile/kit/config';
import { ClientGrpcProxy } from '@nestjs/microservices';
import { PacketClient } from '../packets/packet-client.js';
import type { CallTarget, OutgoingCall, RpcClient, ServedService } from '../rpc.js';
import type { GrpcCalls } from '../transport.settings.js';
import { transportFailure } from '../wire-error.js';
import { CallStream, type CallStreamConnection, EXCHANGE, longestPack } from './call-stream.js';
import { MethodCalls } from './method-calls.js';
import { channelCredentials } from './grpc-credentials.js';
import { describeServices, packagesOf, passOn } from './service-package.js';
import { diagnoseTls } from './tls-diagnosis.js';

/** Reconnects to a recovered context within about a second, instead of the library's two minutes. */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // Nothing reads channelz statistics, and each call would pay for them.
  'grpc.enable_channelz': 0,
};

/** After this, probes for the stream again at a remote side that had none, since it may have been replaced since. */
const UNARY_FOR_MS = 60_000;

/** How often at most it is found out why a process cannot be reached by TLS. */
const DIAGNOSE_EVERY_MS = 10_000;

export interface GrpcOptions {
  readonly calls: GrpcCalls;
  /** The longest call or answer in bytes that is taken. */
  readonly limit: number;
  /** Where both sides have a certificate and check that of the other. */
  readonly files: TlsFiles | undefined;
}

/**
 * Calls one process over gRPC: as frames in a stream, which costs a fraction, or by the methods of its contracts
 * where the remote side has no such stream, or where proxies must see each call.
 */
export class GrpcClient implements RpcClient {
  private readonly proxy: ClientGrpcProxy;
  private readonly streamed: PacketClient<CallStream>;
  private readonly methods: MethodCalls;
  private readonly tlsReports = new TlsReports('INTERNAL');
  private unaryUntil: number;

  private readonly files: TlsFiles | undefined;
  private diagnosedAt = -Infinity;

  constructor(
    private readonly target: CallTarget,
    services: readonly ServedService[],
    { calls, limit, files }: GrpcOptions,
  ) {
    const { address, port } = target;
    this.files = files;
    this.proxy = new ClientGrpcProxy({
      url: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
      credentials: channelCredentials(files),
      maxReceiveMessageLength: longestPack(limit),
      channelOptions: CHANNEL,
    });
    this.methods = new MethodCalls(this.proxy, services, (error) => this.report(error));
    const [{ name } = { name: '' }] = services;
    const open = (metadata: Metadata): CallStreamConnection =>
      this.proxy
        .getClientByServiceName<Client>(name)
        .makeBidiStreamRequest(EXCHANGE, passOn, passOn, metadata);
    this.streamed = new PacketClient((listener) => new CallStream(open, listener, limit));
    this.unaryUntil = calls === 'unary' ? Infinity : 0;
  }

  async call(call: OutgoingCall): Promise<Uint8Array> {
    const hasStream = this.streamed.sender.isOpen || (await this.hasStream(call));
    return hasStream ? this.streamed.call(call) : this.methods.call(call);
  }

  async close(): Promise<void> {
    await this.streamed.close();
    this.proxy.close();
  }

  /** @throws ContextError when the remote side is unavailable */
  private async hasStream(call: OutgoingCall): Promise<boolean> {
    if (Date.now() < this.unaryUntil) return false;
    const { context, cancellation } = call;
    this.streamed.sender.showTokenOf(call);
    try {
      await cancellation.race(this.streamed.sender.connect());
      return true;
    } catch (error) {
      cancellation.throwIfCancelled();
      this.report(error as Partial<ServiceError>);
      if ((error as Partial<ServiceError>).code !== status.UNIMPLEMENTED) throw transportFailure(context);
      this.unaryUntil = Date.now() + UNARY_FOR_MS;
      return false;
    }
  }

  /** Callers get no more than that a process cannot be reached. */
  private report(error: Partial<ServiceError>): void {
    const { files } = this;
    if (!files || error.code !== status.UNAVAILABLE) return;
    this.tlsReports.add(error);
    const now = performance.now();
    if (now - this.diagnosedAt < DIAGNOSE_EVERY_MS) return;
    this.diagnosedAt = now;
    void diagnoseTls(this.target, files).then((reason) => {
      if (reason !== undefined) this.tlsReports.addReason(reason);
    });
  }
}
