import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { backoff } from '@fissile/kit/async';
import { AccessTokenVerifier } from '@fissile/kit/auth';
import { type Component, ContextError, type ContractMethod, hasCode } from '@fissile/kit/contract';
import { HealthRegistry, type State } from '@fissile/kit/health';
import { HttpSettings } from '@fissile/kit/http';
import { activeTrace, inSpan, isTracing, traceIdOf } from '@fissile/kit/observability';
import {
  acceptBaggage,
  AUTHORIZATION,
  BAGGAGE,
  type CallContext,
  CallDeadline,
  CALLER,
  INTERNAL_TOKEN,
  CLIENT_REQUEST_ID,
  REQUEST_ID,
  SOURCE,
  runInCall,
  SAGA_ID,
  TRACE_PARENT,
  TRACE_STATE,
} from '@fissile/kit/request';
import { callingComponents } from '../identity/calling-components.js';
import type { IncomingCall, RpcTransport } from '../transports/rpc.js';
import { type CallingProcess, InternalTokens } from '../internal-tokens.js';
import { TransportSettings } from '../transports/transport.settings.js';
import { CallTransport } from './call-transport.js';
import { callSpan } from '../call-spans.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractRegistry, type ServedContract } from './contract-registry.js';
import { decodeMessage, encodeMessage } from './message-codec.js';
import { NOT_BEGUN } from './not-begun.js';
import { Placement } from '../placement.js';
import { TRUST_FAILURES, type TrustFailure } from '../trust-failures.js';
import { RunningServer } from './running-server.js';
import { describeServices } from './served-services.js';

/** What /health names when processes of the product do not trust each other. */
const SHOWN_AS: Partial<Record<TrustFailure, string>> = {
  skew: 'clocks',
  secret: 'internal_secret',
  key: 'internal_key',
};

const PAUSE_MS = { first: 250, longest: 5_000 };

/** Serves the contracts of this process to other processes. */
@Injectable()
export class ContractServer {
  private readonly logger = new Logger(ContractServer.name);
  private running: RunningServer | undefined;
  /** What the running server takes calls for; where processes connect directly it is everything that is loaded. */
  private contexts: readonly Component[] = [];
  private isServing = false;
  private stopping = false;

  constructor(
    private readonly transport: CallTransport,
    private readonly placement: Placement,
    private readonly registry: ContractRegistry,
    private readonly dispatch: ContractDispatch,
    private readonly tokens: InternalTokens,
    private readonly users: AccessTokenVerifier,
    private readonly health: HealthRegistry,
    private readonly http: HttpSettings,
    private readonly settings: TransportSettings,
  ) {}

  /**
   * Starts to accept calls. When a broker is unavailable, retries in the background; until it connects, the process
   * is not ready.
   * @throws the server's error when the port cannot be bound
   */
  async start(): Promise<void> {
    const { rpc } = this.transport;
    if (!rpc || this.isServing) return;
    this.isServing = true;
    this.health.addSource(() => this.trustHealth());
    if (this.registry.all().length === 0) return;
    const { broker } = rpc;
    if (broker === undefined) {
      this.contexts = this.servedContexts(rpc);
      this.running = this.createServer(rpc);
      await this.running.listen();
      return;
    }
    // The gateway serves its clients without a broker: it only misses calls that concern the process itself.
    if (this.placement.localContexts.length > 0) {
      this.health.add(broker, async () => {
        if (!this.running?.isConnected()) throw new Error(`${broker} is not connected`);
      });
    }
    void this.connect(rpc, broker);
  }

  /** Follows a change of the placement, also to the first one with other processes: a broker brings the calls of those contexts alone that are hosted here now. */
  async follow(): Promise<void> {
    await this.transport.open();
    await this.start();
    const { rpc } = this.transport;
    if (rpc?.broker === undefined || isDeepStrictEqual(this.contexts, this.servedContexts(rpc))) return;
    const former = this.running;
    await this.connect(rpc, rpc.broker);
    void former?.stop();
  }

  /** Takes no more calls, and finishes those in progress. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running?.stop();
  }

  private async connect(transport: RpcTransport, broker: string): Promise<void> {
    this.contexts = this.servedContexts(transport);
    for (let failures = 0; !this.stopping; failures += 1) {
      const server = this.createServer(transport);
      this.running = server;
      try {
        await server.listen();
        this.logger.log(`Accepts calls over ${broker}`);
        return;
      } catch {
        const pauseMs = backoff(failures, PAUSE_MS);
        this.logger.warn(`${broker} cannot be reached; retrying in ${pauseMs} ms`);
        await server.stop().catch(() => undefined);
        await pause(pauseMs, undefined, { ref: false });
      }
    }
  }

  private servedContexts({ broker }: RpcTransport): readonly Component[] {
    const all = [...new Set(this.registry.all().map(({ context }) => context))];
    return broker === undefined ? all : all.filter((context) => this.placement.isLocal(context));
  }

  /** Callers that are refused show in the health, by the reason, and do not make the process less ready. */
  private async trustHealth(): Promise<Record<string, State>> {
    const failing = TRUST_FAILURES.filter((reason) => this.tokens.failures.isRecent(reason));
    const shown = failing.map((reason) => SHOWN_AS[reason]).filter((name) => name !== undefined);
    return Object.fromEntries(shown.map((name) => [name, 'down'] as const));
  }

  private createServer(transport: RpcTransport): RunningServer {
    const serving = {
      host: this.http.HOST,
      port: this.placement.rpcPort,
      contexts: this.contexts,
      services: describeServices(this.registry.all().map(({ contract }) => contract)),
      admit: async (metadata: IncomingCall['metadata']) => void (await this.verify(metadata)),
      protoFolder: this.placement.product.protoFolder,
    };
    return new RunningServer(
      (handler) => transport.serve(serving, handler),
      (incoming) => this.traced(incoming, () => this.answer(incoming)),
    );
  }

  private traced<T>(incoming: IncomingCall, work: () => Promise<T>): Promise<T> {
    if (!isTracing()) return work();
    const { service, method, context, metadata } = incoming;
    const startedBy = { traceparent: metadata[TRACE_PARENT], tracestate: metadata[TRACE_STATE] };
    const span = callSpan('server', { service, method, context, system: this.settings.TRANSPORT });
    return inSpan({ ...span, startedBy }, work);
  }

  private async answer(incoming: IncomingCall): Promise<Uint8Array> {
    const callers = await this.callersOf(incoming);
    const { contract, context } = this.servedBy(incoming);
    const [name, method] = methodOf(contract.definition.methods, incoming.method);
    const timeoutMs = incoming.timeoutMs ?? this.settings.CALL_TIMEOUT_MS;
    const deadline = new CallDeadline(timeoutMs, { cancellation: incoming.cancellation });
    try {
      const call = await this.contextOf(incoming, deadline);
      const request = decode(method, incoming.body);
      const answer = await runInCall({ ...call, callers }, () =>
        deadline.race(this.dispatch.run(contract.definition.fullName, context, name, request, callers)),
      );
      const body = encodeMessage(method.responseType, answer);
      const limit = this.settings.CALL_LIMIT_BYTES;
      // The caller would have to break the connection, which others use too.
      if (body.length > limit) {
        this.logger.error(
          `${context}.${name} has an answer of ${body.length} bytes; CALL_LIMIT_BYTES is ${limit}`,
        );
        throw ContextError.of('internal_error');
      }
      return body;
    } catch (error) {
      throw this.counted(error);
    } finally {
      deadline.release();
    }
  }

  /** Who calls, as far as its token proves it. */
  private async callersOf({ metadata }: IncomingCall): Promise<readonly Component[]> {
    const process = await this.verify(metadata);
    try {
      return callingComponents(process, metadata[CALLER], this.placement);
    } catch (error) {
      throw this.counted(error);
    }
  }

  private async verify(metadata: Readonly<Record<string, string>>): Promise<CallingProcess> {
    try {
      return await this.tokens.verify(metadata[INTERNAL_TOKEN], this.placement.identities);
    } catch (error) {
      if (!hasCode(error, 'internal_port')) throw error;
      // It may be meant for the process that had this address before: whoever has sent it may send it elsewhere.
      throw ContextError.of('internal_port', error.message, NOT_BEGUN);
    }
  }

  /** A process of the product that calls what is not for it is an alarm, other than a stranger. */
  private counted(error: unknown): unknown {
    if (hasCode(error, 'internal_port')) this.tokens.failures.add('caller', error.message);
    return error;
  }

  /** The contract that is called; a call without a context means the only local context that serves the contract. */
  private servedBy({ service, context }: IncomingCall): ServedContract {
    const named = context === undefined ? undefined : this.registry.find(service, context);
    if (named) return named;
    const candidates = this.registry
      .all()
      .filter((served) => served.contract.definition.fullName === service)
      .filter((served) => context === undefined || served.context === context);
    const [found, other] = candidates;
    if (!found) throw ContextError.of('unavailable', `This process does not serve ${service}`);
    if (other) throw ContextError.of('malformed_request', 'Several contexts serve this here; name one');
    return found;
  }

  /** Verifies the user's token again: no other process is trusted to say who the user is. */
  private async contextOf({ metadata }: IncomingCall, deadline: CallDeadline): Promise<CallContext> {
    const authorization = metadata[AUTHORIZATION];
    return {
      requestId: metadata[REQUEST_ID] ?? 'unknown',
      clientRequestId: metadata[CLIENT_REQUEST_ID],
      source: metadata[SOURCE],
      traceId: activeTrace()?.traceId ?? traceIdOf(metadata[TRACE_PARENT]),
      baggage: acceptBaggage(metadata[BAGGAGE]),
      sagaId: metadata[SAGA_ID],
      deadline: deadline.at,
      cancellation: deadline,
      authorization,
      caller: authorization === undefined ? undefined : await this.users.verify(authorization),
    };
  }
}

/** The methods of a contract: their names in the .proto file, mapped to their names in TypeScript. */
const byWireName = new WeakMap<object, ReadonlyMap<string, readonly [string, ContractMethod]>>();

function methodOf(
  methods: Readonly<Record<string, ContractMethod>>,
  wireName: string,
): readonly [string, ContractMethod] {
  let known = byWireName.get(methods);
  if (!known) {
    known = new Map(Object.entries(methods).map((entry) => [entry[1].name, entry]));
    byWireName.set(methods, known);
  }
  const found = known.get(wireName);
  if (!found) throw ContextError.of('unavailable', `There is no method ${wireName} here`);
  return found;
}

function decode(method: ContractMethod, body: Uint8Array): unknown {
  try {
    return decodeMessage(method.requestType, body);
  } catch {
    throw ContextError.of('malformed_request', 'The call cannot be read');
  }
}
