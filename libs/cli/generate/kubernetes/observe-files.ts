import { parse } from 'yaml';
import {
  type DeploymentDescription,
  type GeneratedFile,
  type KubernetesDescription,
  type ObservedFile,
} from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';

/** k8s/observe: what tells the Prometheus operator of every process, in any topology, with the alerts and dashboards of deploy/. */
export function observeFiles(
  { name, observability }: DeploymentDescription,
  { prometheusRelease: release }: KubernetesDescription,
): GeneratedFile[] {
  const rules = observability.rules.map((file) => rule(name, release, file));
  const dashboards = observability.dashboards.map((file) => dashboard(name, file));
  const monitor = yamlFile(`${FOLDER}/service-monitor.yaml`, yamlDocument(serviceMonitor(name, release)));
  const kustomization = yamlDocument(`
# For clusters with the Prometheus operator, in any topology: kubectl apply -k k8s/observe
resources: []
`);
  const resources = [monitor, ...rules, ...dashboards].map(({ path }) => path.slice(FOLDER.length + 1));
  kustomization.set('resources', kustomization.createNode(resources));
  return [yamlFile(`${FOLDER}/kustomization.yaml`, kustomization), monitor, ...rules, ...dashboards];
}

const FOLDER = 'k8s/observe';

const serviceMonitor = (name: string, release: string): string => `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: ${name}
  # The operator of kube-prometheus-stack looks for the label of its release.
  labels: { app.kubernetes.io/part-of: ${name}, release: ${release} }
spec:
  # Alerts and dashboards look for job="${name}".
  jobLabel: app.kubernetes.io/part-of
  selector:
    matchLabels: { app.kubernetes.io/part-of: ${name} }
  endpoints:
    - port: http
      path: /metrics
      interval: 15s
      scrapeTimeout: 10s
      relabelings:
        # The label by which alerts and dashboards know a process.
        - sourceLabels: [__meta_kubernetes_pod_label_app_kubernetes_io_name]
          targetLabel: process
`;

function rule(name: string, release: string, { name: file, content }: ObservedFile): GeneratedFile {
  const document = yamlDocument(`
# Made from deploy/prometheus/rules/${file}.yml.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: ${name}-${file}
  labels: { app.kubernetes.io/part-of: ${name}, release: ${release} }
`);
  document.set('spec', document.createNode(parse(content)));
  return yamlFile(`${FOLDER}/rules/${file}.yaml`, document);
}

function dashboard(name: string, { name: file, content }: ObservedFile): GeneratedFile {
  const document = yamlDocument(`
# Made from deploy/grafana/dashboards/${file}.json. The sidecar of Grafana looks for the label.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-dashboard-${file}
  labels: { app.kubernetes.io/part-of: ${name}, grafana_dashboard: '1' }
`);
  const data = { [`${name}-${file}.json`]: JSON.stringify(JSON.parse(content)) };
  document.set('data', document.createNode(data));
  return yamlFile(`${FOLDER}/dashboards/${file}.yaml`, document);
}
