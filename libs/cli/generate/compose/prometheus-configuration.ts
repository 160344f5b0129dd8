import {
  type ComposeDescription,
  type DeploymentDescription,
  type GeneratedFile,
  HTTP_PORT,
} from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { processServiceNames } from './service-names.js';

/** What Prometheus scrapes: every process, whichever topology runs. */
export function prometheusConfiguration(
  description: DeploymentDescription,
  { alertmanagers, services }: ComposeDescription,
): GeneratedFile {
  const { name } = description;
  const document = yamlDocument(`
# Processes are found by the names that Compose gives them: those of the topology that runs, each of its replicas. Their
# /metrics needs no token, on internal ports either. Alerts of your own belong into deploy/prometheus/rules.
global:
  scrape_interval: 15s
  evaluation_interval: 15s
  external_labels:
    # Alerts link to this folder: set RUNBOOKS_URL to where your people read it.
    runbooks: \${RUNBOOKS_URL}

rule_files: [rules/*.yml]

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
  const own = [...(services.includes('alertmanager') ? ['alertmanager:9093'] : []), ...alertmanagers];
  if (services.includes('postgres-exporter')) {
    const exporter = { job_name: 'postgres', static_configs: [{ targets: ['postgres-exporter:9187'] }] };
    document.addIn(['scrape_configs'], document.createNode(exporter));
  }
  if (own.length > 0) {
    const targets = { static_configs: [{ targets: own }] };
    document.set('alerting', document.createNode({ alertmanagers: [targets] }));
  }
  return yamlFile('deploy/prometheus/prometheus.yml', document);
}
