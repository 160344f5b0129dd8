import type { GeneratedFile } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { CONFINED } from './base-files.js';

/** k8s/migrate: the job that migrates the databases of a process. Overlays add it for processes that host contexts. */
export function migrateFiles(name: string): GeneratedFile[] {
  const kustomization = `
# What brings the database of a context up to date, before its new processes start. Overlays add it for contexts alone.
resources: [job.yaml]
`;
  return [
    yamlFile('k8s/migrate/kustomization.yaml', yamlDocument(kustomization)),
    yamlFile('k8s/migrate/job.yaml', yamlDocument(job(name))),
  ];
}

/** k8s/observe: what tells the Prometheus operator of every process, in any topology. */
export function observeFiles(name: string): GeneratedFile[] {
  const kustomization = `
# For clusters with the Prometheus operator, in any topology: kubectl apply -k k8s/observe
resources: [service-monitor.yaml]
`;
  return [
    yamlFile('k8s/observe/kustomization.yaml', yamlDocument(kustomization)),
    yamlFile('k8s/observe/service-monitor.yaml', yamlDocument(serviceMonitor(name))),
  ];
}

const job = (name: string): string => `
# Processes do not migrate (MIGRATE_AT_START), and refuse to start while this has not been: those of the last version
# serve until then. A Job cannot be changed: delete that of the last release before you apply the next.
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}-migrate
  labels: { app.kubernetes.io/part-of: ${name} }
spec:
  # What failed, such as a database that is not there yet, is tried again.
  backoffLimit: 6
  activeDeadlineSeconds: 1800
  ttlSecondsAfterFinished: 86400
  template:
    metadata:
      labels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: migrate }
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: migrate
          image: ${name}
          # The image's own program, told to migrate. It knows the address of the database, and no other secret.
          args: [node, dist/apps/APP/src/main.js, migrate]
          envFrom:
            - configMapRef: { name: ${name}-settings }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 512Mi }
${CONFINED}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: tmp
          emptyDir: {}
`;

const serviceMonitor = (name: string): string => `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: ${name}
  labels: { app.kubernetes.io/part-of: ${name} }
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
