import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ANY_PROCESS,
  type Component,
  ContextError,
  type ContextName,
  type ContractMethod,
  hasCode,
} from '@fissile/kit/contract';
import { Balancer, type Outcome } from '../discovery/balancer.js';
import { Discovery } from '../discovery/discovery.js';
import type { Instance } from '../discovery/endpoint.js';
import { type CallContext, type CallDeadline, CALLER, CONTEXT, INTERNAL_TOKEN } from '@fissile/kit/request';
import type { CallTarget, RpcClient, RpcTransport, ServedService } from '../transports/rpc.js';
import { InternalTokens } from '../internal-tokens.js';
import { isAnswer } from '../transports/wire-error.js';
import { metadataOf } from '../transports/outgoing-metadata.js';
import { Placement } from '../placement.js';
import { CallTransport } from './call-transport.js';
import { isIdempotent } from './idempotency.js';
import { decodeMessage, encodeMessage } from './message-codec.js';
import { isRefusedAtPort } from './not-begun.js';
import { describeServices } from './served-services.js';

export interface RemoteCall {
  /** The component that calls, or the process itself. */
  readonly caller: Component | typeof ANY_PROCESS;
  readonly context: ContextName;
  /** The full name of the contract's service. */
  readonly service: string;
  readonly method: ContractMethod;
  readonly request: unknown;
  readonly call: CallContext;
  readonly deadline: CallDeadline;
  /** The ids of instances that were tried before; the one that receives the call is added. */
  readonly tried: Set<string>;
  /** The instance to call; otherwise the balancer chooses one. */
  readonly at?: Instance | undefined;
}

const CLOSE_AFTER_MS = 60_000;

/** A broker chooses the instance itself. */
const AT_BROKER = { address: '', rpcPort: 0 };

/** Sends calls to contexts in other processes. */
@Injectable()
export class RemoteCalls implements OnApplicationShutdown {
  private readonly clients = new Map<string, RpcClient>();
  private readonly services: readonly ServedService[];

  constructor(
    private readonly transport: CallTransport,
    private readonly discovery: Discovery,
    private readonly balancer: Balancer,
    private readonly tokens: InternalTokens,
    placement: Placement,
  ) {
    this.services = describeServices(placement.product.allContracts);
    discovery.onChange(() => this.closeLater());
  }

  /** @throws ContextError as the remote side reports it, or a transport failure */
  async make(remote: RemoteCall): Promise<unknown> {
    const { context, method, tried, at } = remote;
    const transport = this.transport.rpc;
    if (!transport) throw ContextError.of('unavailable', `${context} has no known instance`);
    const send = (place: Pick<Instance, 'address' | 'rpcPort'>) =>
      this.send(transport, remote, place).catch((error: unknown) => {
        throw this.countRefusal(error, context, place);
      });
    const fixed = transport.broker === undefined ? at : AT_BROKER;
    const body = fixed
      ? await send(fixed)
      : await this.balancer.execute({ context, protocol: 'calls', tried, send, outcome: outcomeOf });
    return decodeMessage(method.responseType, body);
  }

  /** Whether a call that failed at one instance can be retried at another. */
  hasAnother(context: ContextName, tried: ReadonlySet<string>): boolean {
    return this.balancer.hasAnother(context, tried);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async send(
    transport: RpcTransport,
    { caller, context, service, method, request, call, deadline }: RemoteCall,
    { address, rpcPort: port }: Pick<Instance, 'address' | 'rpcPort'>,
  ): Promise<Uint8Array> {
    const token = await this.tokens.tokenFor(context);
    return this.clientOf(transport, { address, port, context }).call({
      context,
      service,
      method: method.name,
      isIdempotent: isIdempotent(method),
      body: encodeMessage(method.requestType, request),
      metadata: {
        ...metadataOf(call),
        [CONTEXT]: context,
        [INTERNAL_TOKEN]: token,
        ...(caller !== ANY_PROCESS && { [CALLER]: caller }),
      },
      timeoutMs: deadline.remainingMs,
      cancellation: deadline,
    });
  }

  /** Shown here, since over there anyone may have called. */
  private countRefusal(
    error: unknown,
    context: ContextName,
    { address, rpcPort }: Pick<Instance, 'address' | 'rpcPort'>,
  ): unknown {
    if (isRefusedAtPort(error)) {
      this.tokens.failures.add('refused', `${address}:${rpcPort} takes no calls for ${context} from here`);
    }
    return error;
  }

  private clientOf(transport: RpcTransport, target: CallTarget): RpcClient {
    const key = transport.clientKey(target);
    const known = this.clients.get(key);
    if (known) return known;
    const client = transport.connect(target, this.services);
    this.clients.set(key, client);
    return client;
  }

  /** An instance that was deregistered still responds to calls in progress. */
  private closeLater(): void {
    setTimeout(() => this.closeThoseGone(), CLOSE_AFTER_MS).unref();
  }

  private closeThoseGone(): void {
    const { rpc } = this.transport;
    if (!rpc || rpc.broker !== undefined) return;
    const present = new Set(this.discovery.all().map((place) => keyOf(rpc, place)));
    for (const [key, client] of this.clients) {
      if (present.has(key)) continue;
      this.clients.delete(key);
      void client.close();
    }
  }
}

/** Where processes connect directly, all contexts of a process share one client. */
function keyOf(transport: RpcTransport, { address, rpcPort: port }: Instance): string {
  return transport.clientKey({ address, port, context: '' });
}

/**
 * A response from the remote side, or a cancellation by the caller, does not count against the instance; a refusal at its port does,
 * since it answers faster than the others, and so would get more calls than they.
 */
function outcomeOf(error: unknown): Outcome {
  if (isRefusedAtPort(error)) return 'failed';
  if (isAnswer(error)) return 'answered';
  return hasCode(error, 'cancelled') ? 'unknown' : 'failed';
}
