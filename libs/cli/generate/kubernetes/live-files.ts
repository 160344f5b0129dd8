import { MONOLITH } from '@fissile/kit/contract';
import {
  type DeploymentDescription,
  type GeneratedFile,
  HTTP_PORT,
  type KubernetesDescription,
  type LiveDescription,
  RPC_PORT,
  SPLIT,
} from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { CONFINED, MIN_REPLICAS, UNPRIVILEGED } from './base-files.js';

const FOLDER = 'k8s/overlays/live';

/** Longer than a change waits for a process to be started (PLACEMENT_START_MS), and than what is drained may take. */
const MOVE_SECONDS = 1_800;

/**
 * k8s/overlays/live: the monolith, a Deployment without replicas for each context that may move out of it, and the jobs that
 * move them.
 */
export function liveFiles(
  { name }: DeploymentDescription,
  kubernetes: KubernetesDescription,
  live: LiveDescription,
): GeneratedFile[] {
  const image = `${kubernetes.registry === undefined ? '' : `${kubernetes.registry}/`}${name}-${MONOLITH}`;
  const bases = [`../${MONOLITH}`, ...live.contexts.map((context) => `../${SPLIT}/${context}`)];
  const overlay = yamlDocument(`
# Contexts move out of the monolith and back while all is served: docs of PLACEMENT_STORE say how.
bases: []
resources: [network-policy.yaml, mover.yaml, moves.yaml]
images: []
patchesStrategicMerge: [settings.yaml, standby.yaml]
`);
  overlay.set('bases', overlay.createNode(bases));
  overlay.set('images', overlay.createNode([{ name, newName: image, newTag: kubernetes.tag }]));
  const file = (path: string, ...texts: readonly string[]): GeneratedFile =>
    yamlFile(`${FOLDER}/${path}`, ...texts.map(yamlDocument));
  return [
    yamlFile(`${FOLDER}/kustomization.yaml`, overlay),
    file('settings.yaml', settings(name, live)),
    file('standby.yaml', ...live.contexts.map((context) => standby(name, context))),
    file('network-policy.yaml', networkPolicy(name)),
    file('mover.yaml', ...mover(name, live)),
    file(
      'moves.yaml',
      ...live.contexts.flatMap((context) => [
        move(name, { context, to: 'own', replicas: MIN_REPLICAS }),
        move(name, { context, to: 'gateway', replicas: 0 }),
      ]),
    ),
  ];
}

const settings = (name: string, { consul }: LiveDescription): string => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-settings
data:
  TRANSPORT: grpc
  EVENT_BUS: direct
  DISCOVERY: consul
  PLACEMENT_STORE: consul
  CONSUL_URL: ${consul}
  # For the ports; where a process is, it says itself.
  PROCESS_ADDRESSES: ${MONOLITH}=${name}-${MONOLITH}:${HTTP_PORT}:${RPC_PORT}
`;

const standby = (name: string, context: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-${context}
spec:
  # Its autoscaler leaves it alone at zero, and takes over when it is scaled up.
  replicas: 0
  template:
    spec:
      containers:
        - name: process
          env:
            # By this it is called ${context}, as \`own\` expects.
            - { name: TOPOLOGY, value: ${SPLIT} }
            - { name: PROCESS_ADDRESSES, value: '${context}=${name}-${context}:${HTTP_PORT}:${RPC_PORT}' }
`;

const networkPolicy = (name: string): string => `
# The processes call each other, at the addresses of their pods.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}-internal
spec:
  podSelector:
    matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
`;

/** It may scale these Deployments, and do nothing else in the cluster. */
function mover(name: string, { contexts }: LiveDescription): string[] {
  const names = contexts.map((context) => `${name}-${context}`).join(', ');
  const metadata = `metadata: { name: ${name}-mover, labels: { app.kubernetes.io/part-of: ${name} } }`;
  return [
    `
# What moves contexts may scale their Deployments, and do nothing else in the cluster. The processes need none of its API.
apiVersion: v1
kind: ServiceAccount
${metadata}
automountServiceAccountToken: false
`,
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${metadata}
rules:
  - apiGroups: [apps]
    resources: [deployments/scale]
    resourceNames: [${names}]
    verbs: [get, patch]
`,
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
${metadata}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name}-mover }
subjects:
  - { kind: ServiceAccount, name: ${name}-mover }
`,
  ];
}

interface MoveJob {
  readonly context: string;
  readonly to: 'own' | 'gateway';
  readonly replicas: number;
}

const move = (name: string, job: MoveJob): string => `
# kubectl create job --from=cronjob/${name}-${job.context}-to-${job.to} ${job.context}-to-${job.to}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}-${job.context}-to-${job.to}
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  # A template for jobs: it never runs by itself.
  suspend: true
  schedule: '@yearly'
  jobTemplate:
    metadata:
      labels: { app.kubernetes.io/part-of: ${name} }
    spec:
      # What was broken off goes on where it was.
      backoffLimit: 3
      activeDeadlineSeconds: ${MOVE_SECONDS}
      ttlSecondsAfterFinished: 86400
      template:
        metadata:
          labels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: move }
        spec:
          restartPolicy: Never
          serviceAccountName: ${name}-mover
          automountServiceAccountToken: true
          enableServiceLinks: false
${inCronJob(UNPRIVILEGED)}
          containers:
${moveContainer(name, job).slice(1, -1)}
`;

const moveContainer = (name: string, { context, to, replicas }: MoveJob): string => `
            - name: move
              image: ${name}
              args:
                - node
                - node_modules/@fissile/kit/dist/cli/main.js
                - topology
                - --url=http://${name}-${MONOLITH}:${HTTP_PORT}
                - move
                - ${context}
                - --to=${to}
                - --deployment=${name}-${context}
                - --replicas=${replicas}
              env:
                - name: ADMIN_EMAIL
                  valueFrom: { secretKeyRef: { name: ${name}-mover, key: ADMIN_EMAIL } }
                - name: ADMIN_PASSWORD
                  valueFrom: { secretKeyRef: { name: ${name}-mover, key: ADMIN_PASSWORD } }
              resources:
                requests: { cpu: 100m, memory: 128Mi }
                limits: { memory: 256Mi }
${inCronJob(CONFINED)}
`;

/** A pod stands deeper there. */
const inCronJob = (lines: string): string => lines.replaceAll(/^/gm, '    ');
