import { requiredVariable } from './variables.js';

/** What shows how the product is, as YAML. `profiles` is added to each. */

export const prometheus = `
<<: *store
mem_limit: 1g
image: prom/prometheus:v3.5.0
user: nobody
command:
  - --config.file=/etc/prometheus/prometheus.yml
  - --storage.tsdb.path=/prometheus
  - --storage.tsdb.retention.time=15d
  - --enable-feature=exemplar-storage
ports: ['127.0.0.1:9090:9090']
environment:
  # Where the links of alerts lead to.
  RUNBOOKS_URL: \${RUNBOOKS_URL:-http://127.0.0.1:3001/public/runbooks}
volumes:
  - ./deploy/prometheus:/etc/prometheus:ro
  - prometheus:/prometheus
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'wget -qO- http://127.0.0.1:9090/-/ready']
`;

export const alertmanager = `
<<: *store
image: prom/alertmanager:v0.28.1
user: nobody
command: [--config.file=/etc/alertmanager/alertmanager.yml, --storage.path=/alertmanager]
ports: ['127.0.0.1:9093:9093']
volumes:
  - ./deploy/alertmanager:/etc/alertmanager:ro
  - alertmanager:/alertmanager
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'wget -qO- http://127.0.0.1:9093/-/ready']
`;

export const postgresExporter = `
<<: *store
image: quay.io/prometheuscommunity/postgres-exporter:v0.18.1
user: nobody
environment:
  DATA_SOURCE_URI: postgres:5432/postgres?sslmode=disable
  DATA_SOURCE_USER: exporter
  DATA_SOURCE_PASS: ${requiredVariable('EXPORTER_DATABASE_PASSWORD')}
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'wget -qO- http://127.0.0.1:9187/']
`;

export const otelCollector = `
<<: *store
image: otel/opentelemetry-collector:0.138.0
user: '10001'
command: [--config=/etc/fissile/collector.yaml]
volumes: ['./deploy/otel:/etc/fissile:ro']
`;

export const jaeger = `
<<: *store
image: jaegertracing/jaeger:2.11.0
user: '10001'
ports: ['127.0.0.1:16686:16686']
`;

export const mailpit = `
<<: *store
image: axllent/mailpit:v1.27
user: '1000:1000'
ports: ['127.0.0.1:8025:8025']
healthcheck:
  <<: *health
  test: [CMD, /mailpit, readyz]
`;

export const grafana = `
<<: *store
image: grafana/grafana:12.2.0
user: grafana
ports: ['127.0.0.1:3001:3000']
environment:
  GF_SECURITY_ADMIN_PASSWORD: ${requiredVariable('GRAFANA_PASSWORD')}
  GF_ANALYTICS_REPORTING_ENABLED: 'false'
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false'
volumes:
  - ./deploy/grafana/provisioning:/etc/grafana/provisioning:ro
  - ./deploy/grafana/dashboards:/etc/fissile/dashboards:ro
  - grafana:/var/lib/grafana
healthcheck:
  <<: *health
  test: [CMD-SHELL, 'wget -qO- http://127.0.0.1:3000/api/health']
`;
