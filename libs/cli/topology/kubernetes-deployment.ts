import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { CommandError } from '../command-error.js';

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const REQUEST_TIMEOUT_MS = 10_000;

/** The API of a cluster, as a service account of it. */
export interface Cluster {
  readonly url: string;
  readonly ca: string;
  readonly namespace: string;
  /** Read for each request: the cluster replaces the token. */
  token(): string;
}

/**
 * The cluster in which this program runs.
 * @param folder where the service account is mounted
 * @throws CommandError when it runs in none
 */
export function clusterAround(environment: NodeJS.ProcessEnv, folder = SERVICE_ACCOUNT): Cluster {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  if (!host || !existsSync(join(folder, 'token'))) {
    throw new CommandError(
      `--deployment: expected a pod of Kubernetes with a service account at ${folder}; elsewhere, kubectl scale`,
    );
  }
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: read('ca.crt'),
    namespace: read('namespace'),
    token: () => read('token'),
  };
}

/** A Deployment of Kubernetes: how many instances of a process there are to be. */
export class KubernetesDeployment {
  private readonly agent: Agent;
  private readonly path: string;

  constructor(
    private readonly cluster: Cluster,
    readonly name: string,
  ) {
    this.agent = new Agent({ connect: { ca: cluster.ca } });
    this.path = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments/${encodeURIComponent(name)}/scale`;
  }

  /** @throws CommandError with what the cluster says against it */
  async replicas(): Promise<number> {
    return this.ask('GET');
  }

  /** @throws CommandError with what the cluster says against it */
  async scaleTo(replicas: number): Promise<void> {
    await this.ask('PATCH', { spec: { replicas } });
    console.log(`${this.name}: ${replicas} replicas`);
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private async ask(method: 'GET' | 'PATCH', change?: object): Promise<number> {
    const { url, token } = this.cluster;
    const { statusCode, body } = await request(`${url}${this.path}`, {
      method,
      dispatcher: this.agent,
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: REQUEST_TIMEOUT_MS,
      headers: {
        authorization: `Bearer ${token()}`,
        ...(change && { 'content-type': 'application/merge-patch+json' }),
      },
      ...(change && { body: JSON.stringify(change) }),
    }).catch((error: Error) => {
      throw new CommandError(`The API of the cluster at ${url} does not answer: ${error.message}`);
    });
    const text = await body.text();
    if (statusCode !== 200) {
      throw new CommandError(
        `The cluster refuses to ${change ? 'scale' : 'show'} ${this.name}: ${reasonIn(text, statusCode)}`,
      );
    }
    // A Deployment of none has no number in its Scale.
    return (JSON.parse(text) as { spec?: { replicas?: number } }).spec?.replicas ?? 0;
  }
}

/** Of a Status, the object by which the API of Kubernetes says what is wrong. */
function reasonIn(text: string, statusCode: number): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? `status ${statusCode}`;
  } catch {
    return `status ${statusCode}`;
  }
}
