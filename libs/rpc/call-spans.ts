import type { SpanDescription } from '@fissile/kit/observability';

export interface SpannedCall {
  /** The full name of the contract's service. */
  readonly service: string;
  /** The method's name in the .proto file. */
  readonly method: string;
  /** The context that is called, where it is known. */
  readonly context: string | undefined;
  /** `local`, or the transport that carries the call. */
  readonly system: string;
}

/** How a call of a contract shows in a trace, on the side of its caller and on that of who serves it. */
export function callSpan(kind: 'client' | 'server' | 'internal', call: SpannedCall): SpanDescription {
  const { service, method, context, system } = call;
  const fullMethod = `${service}/${method}`;
  return {
    name: fullMethod,
    kind,
    attributes: {
      'rpc.system.name': system,
      'rpc.method': fullMethod,
      // The names of before, by which many tools still group.
      'rpc.system': system,
      'rpc.service': service,
      ...(context !== undefined && { 'fissile.context': context }),
    },
  };
}
