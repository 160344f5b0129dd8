import type { GeneratedFile } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';
import { CA_MOUNT, caVolume, CONFINED, UNPRIVILEGED } from './base-files.js';

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

const job = (name: string): string => `
# Processes do not migrate (MIGRATE_AT_START), and refuse to start while this has not been: those of the last version
# serve until then. A Job cannot be changed: by hand, delete that of the last release before you apply the next. Argo CD and
# Flux do, by the annotations; Argo CD also waits for it before it replaces the processes.
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}-migrate
  labels: { app.kubernetes.io/part-of: ${name} }
  annotations:
    argocd.argoproj.io/hook: Sync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
    argocd.argoproj.io/sync-wave: '-1'
    kustomize.toolkit.fluxcd.io/force: enabled
spec:
  # What failed, such as a database that is not there yet, is tried again.
  backoffLimit: 6
  # Less than a rollout waits (progressDeadlineSeconds).
  activeDeadlineSeconds: 600
  ttlSecondsAfterFinished: 86400
  template:
    metadata:
      labels: { app.kubernetes.io/part-of: ${name}, app.kubernetes.io/component: migrate }
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
${UNPRIVILEGED}
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
${CA_MOUNT}      volumes:
        - name: tmp
          emptyDir: {}
${caVolume(name)}`;
