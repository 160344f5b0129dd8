import { GATEWAY } from '@fissile/kit/contract';
import {
  type DeploymentDescription,
  type DescribedProcess,
  type DescribedTopology,
  type GeneratedFile,
  HTTP_PORT,
  type KubernetesDescription,
  RPC_PORT,
} from '../description.js';
import { comment, yamlDocument, yamlFile } from '../yaml-text.js';
import { connectionsAtMost } from './connections.js';
import { clientServiceOf, processFiles, sharesLimits } from './process-files.js';

/** k8s/overlays/<topology>: its processes, and what they have in common. */
export function overlayFiles(
  description: DeploymentDescription,
  kubernetes: KubernetesDescription,
  topology: DescribedTopology,
): GeneratedFile[] {
  const folder = `k8s/overlays/${topology.name}`;
  const isOnly = topology.processes.length === 1;
  const common = [
    settingsFile(folder, description, kubernetes, topology),
    networkPolicyFile(folder, description, topology),
    ingressFile(folder, description, kubernetes, topology),
  ];
  const resources = ['settings.yaml', 'network-policy.yaml', 'ingress.yaml'];
  if (isOnly) {
    const [process] = topology.processes as [DescribedProcess];
    return [
      ...common,
      ...processFiles({ folder, depth: 2, description, kubernetes, topology, process, resources }),
    ];
  }
  const overlay = yamlDocument(`bases: []\nresources: []`);
  overlay.set('bases', overlay.createNode(topology.processes.map(({ name }) => name)));
  overlay.set('resources', overlay.createNode(resources));
  return [
    yamlFile(`${folder}/kustomization.yaml`, overlay),
    ...common,
    ...topology.processes.flatMap((process) =>
      processFiles({
        folder: `${folder}/${process.name}`,
        depth: 3,
        description,
        kubernetes,
        topology,
        process,
      }),
    ),
  ];
}

const HINTS = ` config/deployment.yaml says what else is here, under kubernetes.settings: where traces, logs and metrics go
 (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_LOGS_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_TRACES_SAMPLER), NODE_EXTRA_CA_CERTS=/etc/fissile/ca/ca.crt.`;

/** Networks that are private: a proxy of the cluster is in one of them, and a client from outside is not. */
const PRIVATE_NETWORKS = '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7';

function settingsFile(
  folder: string,
  description: DeploymentDescription,
  { settings }: KubernetesDescription,
  { name: topology, processes }: DescribedTopology,
): GeneratedFile {
  const { name } = description;
  const several = {
    TRANSPORT: 'grpc',
    EVENT_BUS: 'direct',
    DISCOVERY: 'dns',
    PROCESS_ADDRESSES: processes
      .map((process) => `${process.name}=${name}-${process.name}:${HTTP_PORT}:${RPC_PORT}`)
      .join(', '),
  };
  const data = {
    TOPOLOGY: topology,
    MIGRATE_AT_START: 'false',
    TRUST_PROXY: PRIVATE_NETWORKS,
    ...(sharesLimits(description) ? { THROTTLE_STORAGE: 'redis' } : {}),
    ...(processes.length > 1 ? several : {}),
    ...settings,
  };
  const document = yamlDocument(`
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-settings
  # Argo CD: before the jobs that migrate, which read it.
  annotations: { argocd.argoproj.io/sync-wave: '-2' }
`);
  document.commentBefore = `${HINTS}\n${connectionHint(description)}`;
  document.set('data', document.createNode(data));
  comment(document, ['data', 'MIGRATE_AT_START'], ` The jobs named ${name}-migrate do.`);
  const trusted = ' The Ingress’s proxies say who the client is; without it all clients share one limit.';
  comment(document, ['data', 'TRUST_PROXY'], trusted);
  if (data.THROTTLE_STORAGE !== undefined) {
    comment(document, ['data', 'THROTTLE_STORAGE'], ' All gateways count the requests of a client together.');
  }
  return yamlFile(`${folder}/settings.yaml`, document);
}

function connectionHint(description: DeploymentDescription): string {
  return (
    ` Processes hold up to ${connectionsAtMost(description)} connections to PostgreSQL, while a version replaces another: its\n` +
    ' max_connections allows for them. kubernetes.maxConnections checks it.'
  );
}

function edgeOf({ processes }: DescribedTopology): DescribedProcess {
  return processes.find(({ hosts }) => hosts.includes(GATEWAY)) as DescribedProcess;
}

function networkPolicyFile(
  folder: string,
  { name }: DeploymentDescription,
  topology: DescribedTopology,
): GeneratedFile {
  const edge = edgeOf(topology).name;
  const isOnly = topology.processes.length === 1;
  const edgePolicy = `
# Clients reach the process that hosts the gateway, by its API alone.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${isOnly ? name : `${name}-edge`}
spec:
  podSelector:
    matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/name: ${edge} }
  policyTypes: [Ingress]
  ingress:
    - ports:
        - { port: ${HTTP_PORT} }
`;
  const path = `${folder}/network-policy.yaml`;
  if (isOnly) return yamlFile(path, yamlDocument(edgePolicy));
  const internal = `
# What is behind the gateway hears the product's own processes, and the Prometheus of the namespace monitoring. Where it may
# go is not limited: your databases and brokers are where only you know.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}-internal
spec:
  podSelector:
    matchLabels: { app.kubernetes.io/part-of: ${name} }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
    - from:
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: monitoring }
      ports:
        - { port: ${HTTP_PORT} }
`;
  return yamlFile(path, yamlDocument(internal), yamlDocument(edgePolicy));
}

function ingressFile(
  folder: string,
  { name }: DeploymentDescription,
  { host, paths, ingressClass }: KubernetesDescription,
  topology: DescribedTopology,
): GeneratedFile {
  const service = clientServiceOf(name, topology, edgeOf(topology));
  const document = yamlDocument(`
# The way in for clients. /metrics, /health and the pages of operators stay inside.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
`);
  const rules = paths.map(({ path, exact }) => ({
    path,
    pathType: exact ? 'Exact' : 'Prefix',
    backend: { service: { name: service, port: { name: 'http' } } },
  }));
  const spec = {
    ingressClassName: ingressClass,
    tls: [{ hosts: [host], secretName: `${name}-tls` }],
    rules: [{ host, http: { paths: rules } }],
  };
  document.set('spec', document.createNode(spec, { aliasDuplicateObjects: false }));
  return yamlFile(`${folder}/ingress.yaml`, document);
}
