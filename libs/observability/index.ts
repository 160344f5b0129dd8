export { LoggingModule, ProcessLogger } from './logging/logging.module.js';
export { TelemetrySettings } from './logging/logging.settings.js';
export { redactor } from './logging/redaction.js';
export { logRequest } from './logging/request-log.js';
export { readVersion } from './metrics/build-info.js';
export { CallMetrics } from './metrics/call-metrics.js';
export { exposeMetrics } from './metrics/exposition.js';
export { HttpMetrics, type ServedRequest } from './metrics/http-metrics.js';
export { MetricsModule } from './metrics/metrics.module.js';
export { OtlpSettings } from './otlp/otlp.settings.js';
export { startTelemetry, type Telemetry } from './otlp/start-telemetry.js';
export { traceIdOf, traceOf, traceParentOf } from './tracing/call-trace.js';
export {
  continueFrom,
  currentOrigin,
  currentTrace,
  type Origin,
  runOutsideOfCalls,
} from './tracing/origin.js';
export { errorTypeOf } from './tracing/span-outcome.js';
export {
  activeTrace,
  continueTrace,
  failSpan,
  inSpan,
  isTraced,
  isTracing,
  setOnSpan,
  type SpanDescription,
  startSpan,
  traceWith,
} from './tracing/spans.js';
export { TracingModule } from './tracing/tracing.module.js';
export { TracingSettings } from './tracing/tracing.settings.js';
