import type { DeploymentDescription } from '../description.js';
import { MAX_REPLICAS } from './base-files.js';

/** The default of DATABASE_POOL_SIZE. */
const POOL_SIZE = 10;

/** A process listens for notifications of each context, and its health check may need a connection beside the pool. */
const BESIDE_POOL = 2;

/** While a version replaces another, one more process starts and one that stops has not closed its connections. */
const IN_ROLLOUT = 2;

/** PostgreSQL keeps these for its administrators (superuser_reserved_connections). */
const RESERVED = 3;

/** Connections that the processes and jobs of an overlay hold at most. Each context is hosted once in any topology. */
export function connectionsAtMost({ contexts, kubernetes }: DeploymentDescription): number {
  const size = Number(kubernetes?.settings['DATABASE_POOL_SIZE'] ?? POOL_SIZE);
  const processes = (MAX_REPLICAS + IN_ROLLOUT) * (size + BESIDE_POOL);
  return contexts.length * (processes + BESIDE_POOL);
}

/** What is wrong when PostgreSQL does not accept as many connections as the overlay may hold. */
export function connectionErrors(description: DeploymentDescription): string[] {
  const limit = description.kubernetes?.maxConnections;
  const most = connectionsAtMost(description);
  if (limit === undefined || most <= limit - RESERVED) return [];
  return [
    `config/deployment.yaml: kubernetes.maxConnections: expected at least ${most + RESERVED}, which ${MAX_REPLICAS} processes ` +
      'of each app may hold while a version is replaced; raise it in PostgreSQL and here, or lower ' +
      'kubernetes.settings.DATABASE_POOL_SIZE',
  ];
}
