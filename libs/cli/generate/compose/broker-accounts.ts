import { MONOLITH } from '@fissile/kit/contract';
import type { BrokerAccount } from '@fissile/kit/messaging';
import { type DeploymentDescription, type GeneratedFile, topologiesNamed } from '../description.js';
import { serviceName } from './service-names.js';

export const NATS_ACCOUNTS = 'deploy/nats/accounts.conf';
export const RABBITMQ_DEFINITIONS = 'deploy/rabbitmq/definitions.json';
export const REDIS_USERS = 'deploy/redis/users.acl';

/** What follows from what contexts publish and handle. */
export const ACCOUNT_FILES: readonly string[] = [NATS_ACCOUNTS, RABBITMQ_DEFINITIONS, REDIS_USERS];

/** An account for each process of the topologies that Compose offers, called like its service; one process alone needs no broker. */
export function brokerAccounts(description: DeploymentDescription): BrokerAccount[] {
  const topologies = topologiesNamed(description, description.compose?.topologies ?? []);
  return topologies
    .filter(({ name }) => name !== MONOLITH)
    .flatMap((topology) =>
      topology.processes.map(({ name, hosts }) => ({
        name: serviceName(topology, name),
        process: name,
        hosts,
      })),
    );
}

export function brokerPasswordName(account: string): string {
  return `${account.toUpperCase().replaceAll('-', '_')}_BROKER_PASSWORD`;
}

/** A file that cannot be written anew stays as it is. */
export function keptFile({ kept }: DeploymentDescription, path: string): GeneratedFile[] {
  const content = kept[path];
  return content === undefined ? [] : [{ path, content }];
}
