export { CallMetrics } from './call-metrics.js';
export { HttpMetrics, type ServedRequest } from './http-metrics.js';
export { LoggingModule, ProcessLogger } from './logging.module.js';
export { MetricsModule } from './metrics.module.js';
export { startTracing, type Tracing } from './start-tracing.js';
export { TracingModule } from './tracing.module.js';
export { TracingSettings } from './tracing.settings.js';
export { TelemetrySettings } from './telemetry.settings.js';
