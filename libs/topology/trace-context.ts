import { randomBytes } from 'node:crypto';

/** W3C Trace Context: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The trace that a request belongs to: the caller's, or a new one. */
export function traceIdOf(traceparent: string | string[] | undefined): string {
  const found = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  return found && found !== NO_TRACE ? found : randomBytes(16).toString('hex');
}
