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
import { clientServiceOf, processFiles } from './process-files.js';

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
    return [...common, ...processFiles({ folder, depth: 2, description, topology, process, resources })];
  }
  const overlay = yamlDocument(`bases: []\nresources: []`);
  overlay.set('bases', overlay.createNode(topology.processes.map(({ name }) => name)));
  overlay.set('resources', overlay.createNode(resources));
  return [
    yamlFile(`${folder}/kustomization.yaml`, overlay),
    ...common,
    ...topology.processes.flatMap((process) =>
      processFiles({ folder: `${folder}/${process.name}`, depth: 3, description, topology, process }),
    ),
  ];
}

const HINTS = ` The networks of the Ingress's proxies, so that each client has a limit of its own, and where traces go, are said in
 config/deployment.yaml, under kubernetes.settings: TRUST_PROXY, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER.`;

function settingsFile(
  folder: string,
  { name }: DeploymentDescription,
  { settings }: KubernetesDescription,
  { name: topology, processes }: DescribedTopology,
): GeneratedFile {
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
    ...(processes.length > 1 ? several : {}),
    ...settings,
  };
  const document = yamlDocument(`
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-settings
`);
  document.commentBefore = HINTS;
  document.set('data', document.createNode(data));
  comment(document, ['data', 'MIGRATE_AT_START'], ` The jobs named ${name}-migrate do.`);
  return yamlFile(`${folder}/settings.yaml`, document);
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
  { host, paths }: KubernetesDescription,
  topology: DescribedTopology,
): GeneratedFile {
  const service = clientServiceOf(name, topology, edgeOf(topology));
  const document = yamlDocument(`
# The way in for clients. /metrics and /health stay inside.
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
    tls: [{ hosts: [host], secretName: `${name}-tls` }],
    rules: [{ host, http: { paths: rules } }],
  };
  document.set('spec', document.createNode(spec, { aliasDuplicateObjects: false }));
  return yamlFile(`${folder}/ingress.yaml`, document);
}
