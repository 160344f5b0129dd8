export { LoggingModule, ProcessLogger } from './logging/logging.module.js';
export { TelemetrySettings } from './logging/logging.settings.js';
export { redactor } from './logging/redaction.js';
export { logRequest, showsRequests } from './logging/request-log.js';
export { readVersion } from './metrics/build-info.js';
export { CallMetrics } from './metrics/call-metrics.js';
export { exposeActivity, exposeMetrics } from './metrics/exposition.js';
export type { RecentDuration } from './metrics/recent-durations.js';
export { HttpMetrics, type ServedRequest } from './metrics/http-metrics.js';
export { MetricsModule } from './metrics/metrics.module.js';
export { OtlpSettings } from './otlp/otlp.settings.js';
export { startTelemetry, type Telemetry } from './otlp/start-telemetry.js';
export type { LineQuery, RecentLine } from './recent/recent-lines.js';
export type { RecentSpan, RecentTrace } from './recent/recent-spans.js';
export { RecentTelemetry } from './recent/recent-telemetry.js';
export { traceIdIn, traceIdOf, traceOf, traceParentOf, unsampledParent } from './tracing/call-trace.js';
export {
  continueFrom,
  currentOrigin,
  currentTrace,
  type Origin,
  runOutsideOfCalls,
  runUnasked,
} from './tracing/origin.js';
export { errorTypeOf } from './tracing/span-outcome.js';
export {
  activeTrace,
  continueTrace,
  failSpan,
  inSpan,
  isTraced,
  isTracing,
  sendsTraces,
  setOnSpan,
  type SpanDescription,
  startSpan,
  traceWith,
} from './tracing/spans.js';
export type { TraceParent } from './tracing/trace-parent.js';
export { TracingModule } from './tracing/tracing.module.js';
export { TracingSettings } from './tracing/tracing.settings.js';
