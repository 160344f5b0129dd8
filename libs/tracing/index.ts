export {
  activeTrace,
  continueTrace,
  failSpan,
  inSpan,
  isTraced,
  outsideOfTraces,
  isTracing,
  setOnSpan,
  startSpan,
  traceWith,
  type SpanDescription,
  type StartedSpan,
} from './spans.js';
export { traceContextOf, type TraceParent } from './trace-parent.js';
export { errorTypeOf } from './span-outcome.js';
