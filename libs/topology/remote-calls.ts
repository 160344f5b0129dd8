import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ALL_CONTRACTS, ContextError, type ContextName, type ContractMethod } from '#libs/contracts';
import {
  type CallContext,
  type CallDeadline,
  CONTEXT,
  INTERNAL_TOKEN,
  InternalTokens,
  metadataOf,
  type RpcClient,
} from '#libs/transport';
import { CallTransport } from './call-transport.js';
import { decodeMessage, encodeMessage } from './message-codec.js';
import { Placement } from './placement.js';
import { describeServices } from './served-services.js';

const SERVICES = describeServices(ALL_CONTRACTS.map(({ contract }) => contract));

export interface RemoteCall {
  readonly context: ContextName;
  /** The full name of the contract's service. */
  readonly service: string;
  readonly method: ContractMethod;
  readonly request: unknown;
  readonly call: CallContext;
  readonly deadline: CallDeadline;
}

/** Carries calls to contexts that are in other processes. */
@Injectable()
export class RemoteCalls implements OnApplicationShutdown {
  private readonly clients = new Map<string, RpcClient>();

  constructor(
    private readonly transport: CallTransport,
    private readonly placement: Placement,
    private readonly tokens: InternalTokens,
  ) {}

  /** @throws ContextError as the far side says, or a failure of transport */
  async make({ context, service, method, request, call, deadline }: RemoteCall): Promise<unknown> {
    const token = await this.tokens.tokenFor(context);
    const body = await this.clientOf(context).call({
      context,
      service,
      method: method.name,
      body: encodeMessage(method.requestType, request),
      metadata: { ...metadataOf(call), [CONTEXT]: context, [INTERNAL_TOKEN]: token },
      timeoutMs: deadline.remainingMs,
      signal: deadline.signal,
    });
    return decodeMessage(method.responseType, body);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private clientOf(context: ContextName): RpcClient {
    const transport = this.transport.rpc;
    if (!transport) throw ContextError.of('unavailable', `${context} is nowhere to be found`);
    const { address, rpcPort: port } = this.placement.processOf(context);
    const target = { address, port, context };
    const key = transport.clientKey(target);
    const known = this.clients.get(key);
    if (known) return known;
    const client = transport.connect(target, SERVICES);
    this.clients.set(key, client);
    return client;
  }
}
