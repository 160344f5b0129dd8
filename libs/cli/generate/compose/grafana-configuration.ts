import type { ComposeDescription, DeploymentDescription, GeneratedFile } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';

/** Where Grafana finds dashboards. */
export function grafanaDashboards({ name }: DeploymentDescription): GeneratedFile {
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

/** Where Grafana finds metrics and traces. */
export function grafanaSources(
  { name }: DeploymentDescription,
  { services }: ComposeDescription,
): GeneratedFile {
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
