import type { SpanDescription } from '@fissile/kit/observability';

export interface SpannedCall {
  /** The full name of the contract's service. */
  readonly service: string;
  /** The method's name in the .proto file. */
  readonly method: string;
  /** The context that is called, where known. */
  readonly context: string | undefined;
  /** `local`, or the transport of the call. */
  readonly system: string;
}

/** The span of a contract call, on the client and on the server side. */
export function callSpan(kind: 'client' | 'server' | 'internal', call: SpannedCall): SpanDescription {
  const { service, method, context, system } = call;
  const fullMethod = `${service}/${method}`;
  return {
    name: fullMethod,
    kind,
    attributes: {
      'rpc.system.name': system,
      'rpc.method': fullMethod,
      // The former attribute names, by which many tools still group.
      'rpc.system': system,
      'rpc.service': service,
      ...(context !== undefined && { 'fissile.context': context }),
    },
  };
}
