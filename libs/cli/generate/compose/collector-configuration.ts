import type { GeneratedFile } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';

/** Where traces, logs and metrics go. */
export function collectorConfiguration(): GeneratedFile {
  const document = yamlDocument(`
# Takes the traces of all processes and hands them on to Jaeger. Logs and metrics, which processes send when
# OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER are otlp, are only counted in its own log: Prometheus asks the processes for
# their metrics. To send them elsewhere, or to keep some of them, give the collector a configuration of your own in
# compose.override.yaml.
receivers:
  otlp:
    protocols:
      http:
        endpoint: 0.0.0.0:4318
      grpc:
        endpoint: 0.0.0.0:4317

processors:
  # It rather refuses what it is sent than takes the memory of the machine.
  memory_limiter: { check_interval: 1s, limit_percentage: 75, spike_limit_percentage: 15 }
  batch: {}

exporters:
  otlp/jaeger:
    endpoint: jaeger:4317
    tls: { insecure: true }
  debug: { verbosity: basic }

service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlp/jaeger]
    logs:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [debug]
    metrics:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [debug]
`);
  return yamlFile('deploy/otel/collector.yaml', document);
}
