import { type GeneratedFile, HTTP_PORT, RPC_PORT } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { COMMON_SECRETS } from './secrets.js';

/** As many processes as the autoscaler starts of an app, and as it keeps. */
export const MAX_REPLICAS = 6;
export const MIN_REPLICAS = 3;

/** k8s/base: one process, from which overlays make each of theirs. */
export function baseFiles(name: string): GeneratedFile[] {
  const file = (path: string, text: string): GeneratedFile =>
    yamlFile(`k8s/base/${path}`, yamlDocument(text));
  return [
    file('kustomization.yaml', KUSTOMIZATION),
    file('deployment.yaml', deployment(name)),
    file('service.yaml', service(name)),
    file('autoscaler.yaml', autoscaler(name)),
    file('disruption-budget.yaml', disruptionBudget(name)),
  ];
}

const KUSTOMIZATION = `
# One process. The overlays make each of theirs from it, with a suffix on its name.
resources: [deployment.yaml, service.yaml, autoscaler.yaml, disruption-budget.yaml]
`;

const deployment = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  # The autoscaler says how many there are: with \`replicas\` here, every apply would take it back.
  # Longer than the job that migrates may take (activeDeadlineSeconds), and than the longest pause before a process that
  # found its database not migrated is started again.
  progressDeadlineSeconds: 1200
  # One that stops soon after it was ready ends the rollout while the others still run.
  minReadySeconds: 10
  selector:
    # Not the jobs that migrate.
    matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
  strategy:
    # A new process is ready before an old one goes.
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
    spec:
      automountServiceAccountToken: false
      # Variables made from the names of Services could be taken for settings.
      enableServiceLinks: false
      # The pause below, and what SHUTDOWN_TIMEOUT_MS allows.
      terminationGracePeriodSeconds: 45
${UNPRIVILEGED}
${spread(name)}${container(name)}      volumes:
        - name: tmp
          emptyDir: {}
${caVolume(name)}`;

/** Neither a machine nor a zone takes all processes of an app with it. */
const spread = (
  name: string,
): string => `      # Neither a machine nor a zone takes all processes of an app with it. The hash stands for the app here.
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
          matchLabelKeys: [pod-template-hash]
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
          matchLabelKeys: [pod-template-hash]
`;

const container = (name: string): string => `      containers:
        - name: process
          image: ${name}
          ports:
            - { name: http, containerPort: ${HTTP_PORT} }
            - { name: rpc, containerPort: ${RPC_PORT} }
          envFrom:
            - configMapRef: { name: ${name}-settings }
          env:
            - name: INTERNAL_AUTH_SECRET
              valueFrom:
                secretKeyRef: { name: ${name}-secrets, key: INTERNAL_AUTH_SECRET, optional: true }
            - name: INTERNAL_AUTH_KEYS
              valueFrom:
                configMapKeyRef: { name: ${name}-internal-keys, key: internal-keys.json, optional: true }
${COMMON_SECRETS.map((setting) => optionalSecret(name, setting)).join('')}          startupProbe:
            httpGet: { path: /health/startup, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 3
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 3
          lifecycle:
            preStop:
              # Requests still come until every node knows that this process is going, and every process has looked up
              # its addresses again: those are kept for 5 seconds by the cluster, and for 5 more by the processes.
              exec: { command: [sleep, '12'] }
          resources:
            requests: { cpu: 100m, memory: 192Mi }
            limits: { memory: 512Mi }
${CONFINED}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
${CA_MOUNT}`;

const optionalSecret = (name: string, setting: string): string => `            - name: ${setting}
              valueFrom:
                secretKeyRef: { name: ${name}-secrets, key: ${setting}, optional: true }
`;

/** Where a container finds the certificates of the volume below. */
export const CA_MOUNT = `            - { name: ca, mountPath: /etc/fissile/ca, readOnly: true }
`;

/** Certificates of authorities of the user's own: ca.crt, for addresses with sslrootcert and for NODE_EXTRA_CA_CERTS. */
export const caVolume = (name: string): string => `        - name: ca
          configMap: { name: ${name}-ca, optional: true }
`;

/** The security context of a pod. */
export const UNPRIVILEGED = `
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
`.slice(1, -1);

/** The security context of a container. */
export const CONFINED = `
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
`.slice(1, -1);

const service = (name: string): string => `
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  type: ClusterIP
  # Its name has the address of every process that is ready: those that call choose among them (DISCOVERY=dns).
  clusterIP: None
  selector: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
  ports:
    - { name: http, port: ${HTTP_PORT}, targetPort: http }
    - { name: rpc, port: ${RPC_PORT}, targetPort: rpc }
`;

const autoscaler = (name: string): string => `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: ${MIN_REPLICAS}
  # Each process keeps connections to PostgreSQL: count them before you raise it.
  maxReplicas: ${MAX_REPLICAS}
  metrics:
    # 0.3 of a core: what is requested is what an idle process needs, and one that is busy can take a whole core.
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 300 } }
  behavior:
    # Sagas and connections move with every process that goes.
    scaleDown: { stabilizationWindowSeconds: 300 }
`;

const disruptionBudget = (name: string): string => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  # Nodes are drained a process at a time.
  maxUnavailable: 1
  # A process that is not ready anyway does not keep its node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: process }
`;
