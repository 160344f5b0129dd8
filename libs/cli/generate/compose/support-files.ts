import {
  type ComposeDescription,
  type DeploymentDescription,
  type GeneratedFile,
  HTTP_PORT,
} from '../description.js';
import { headerOf } from '../header.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { processServiceNames } from './service-names.js';

/** The configuration of PostgreSQL and of the services that Compose offers. */
export function supportFiles(
  description: DeploymentDescription,
  compose: ComposeDescription,
): GeneratedFile[] {
  const files: (GeneratedFile | false)[] = [
    databaseScript(description),
    compose.services.includes('nats') && natsConfiguration(),
    compose.services.includes('otel-collector') && collectorConfiguration(),
    compose.services.includes('prometheus') && prometheusConfiguration(description, compose),
    compose.services.includes('grafana') && grafanaDashboards(description),
    compose.services.includes('grafana') && grafanaSources(description, compose),
  ];
  return files.filter((file) => file !== false);
}

function databaseScript({ contexts }: DeploymentDescription): GeneratedFile {
  const path = 'deploy/postgres/create-databases.sh';
  const content = `#!/bin/sh
${headerOf(path)}
# Runs once, on an empty server: a database for each context, and a user that can enter that one alone.
set -eu

for context in ${contexts.join(' ')}; do
  variable="$(echo "$context" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  password="$(printenv "$variable")"
  psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \\
    --set name="$context" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
`;
  return { path, content, executable: true };
}

function natsConfiguration(): GeneratedFile {
  const path = 'deploy/nats/nats.conf';
  const content = `${headerOf(path)}
# What EVENT_BUS=nats and TRANSPORT=nats use. The password comes with the command line: as a variable it would be read as
# a value of this file, and a number could come of it.
port: 4222
# For the health check, inside of the container alone.
http: "127.0.0.1:8222"
jetstream {
  store_dir: "/tmp/nats"
  # An event that was acknowledged is on the disk. The server's own two minutes would lose what a power cut comes between.
  sync_interval: always
}
`;
  return { path, content };
}

function collectorConfiguration(): GeneratedFile {
  const document = yamlDocument(`
# Takes the traces of all processes and hands them on to Jaeger. To send them elsewhere, or to keep some of them, give the
# collector a configuration of your own in compose.override.yaml.
receivers:
  otlp:
    protocols:
      http:
        endpoint: 0.0.0.0:4318
      grpc:
        endpoint: 0.0.0.0:4317

processors:
  # It rather refuses traces than takes the memory of the machine.
  memory_limiter: { check_interval: 1s, limit_percentage: 75, spike_limit_percentage: 15 }
  batch: {}

exporters:
  otlp/jaeger:
    endpoint: jaeger:4317
    tls: { insecure: true }

service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlp/jaeger]
`);
  return yamlFile('deploy/otel/collector.yaml', document);
}

function prometheusConfiguration(
  description: DeploymentDescription,
  { alertmanagers }: ComposeDescription,
): GeneratedFile {
  const { name } = description;
  const document = yamlDocument(`
# Processes are found by the names that Compose gives them: those of the topology that runs, each of its replicas. Their
# /metrics needs no token, on internal ports either. Alerts of your own belong into deploy/prometheus/rules, and what else
# is to be scraped into deploy/prometheus/scrape.
global:
  scrape_interval: 15s
  evaluation_interval: 15s
  external_labels:
    # Alerts link to this folder: set RUNBOOKS_URL to where your people read it.
    runbooks: \${RUNBOOKS_URL}

rule_files: [rules/*.yml]

scrape_config_files: [scrape/*.yml]

scrape_configs:
  - job_name: ${name}
    scrape_timeout: 10s
    dns_sd_configs:
      - type: A
        port: ${HTTP_PORT}
        refresh_interval: 15s
    relabel_configs:
      - source_labels: [__meta_dns_name]
        target_label: process

  - job_name: prometheus
    static_configs:
      - targets: ['localhost:9090']
`);
  const names = ['scrape_configs', 0, 'dns_sd_configs', 0, 'names'];
  document.setIn(names, document.createNode(processServiceNames(description)));
  if (alertmanagers.length > 0) {
    const targets = { static_configs: [{ targets: alertmanagers }] };
    document.set('alerting', document.createNode({ alertmanagers: [targets] }));
  }
  return yamlFile('deploy/prometheus/prometheus.yml', document);
}

function grafanaDashboards({ name }: DeploymentDescription): GeneratedFile {
  const document = yamlDocument(`
apiVersion: 1
providers:
  - name: ${name}
    folder: ${name.charAt(0).toUpperCase()}${name.slice(1)}
    type: file
    # They are files in deploy/grafana/dashboards: what is changed in the browser is not kept.
    allowUiUpdates: false
    options:
      path: /etc/fissile/dashboards
`);
  return yamlFile(`deploy/grafana/provisioning/dashboards/${name}.yml`, document);
}

function grafanaSources({ name }: DeploymentDescription, { services }: ComposeDescription): GeneratedFile {
  const hasTraces = services.includes('jaeger');
  const document = yamlDocument(`
apiVersion: 1
datasources:
  - name: Prometheus
    uid: prometheus
    type: prometheus
    access: proxy
    url: http://prometheus:9090
    isDefault: true
    editable: false
    jsonData:
      httpMethod: POST
      # As often as deploy/prometheus/prometheus.yml scrapes.
      timeInterval: 15s
${
  hasTraces
    ? `      # The dots beside lines of latency lead to their traces.
      exemplarTraceIdDestinations:
        - name: trace_id
          datasourceUid: jaeger
  - name: Jaeger
    uid: jaeger
    type: jaeger
    access: proxy
    url: http://jaeger:16686
    editable: false
`
    : ''
}`);
  return yamlFile(`deploy/grafana/provisioning/datasources/${name}.yml`, document);
}
