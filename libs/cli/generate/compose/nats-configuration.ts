import { natsAuthorization } from '@fissile/kit/messaging';
import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';
import { brokerAccounts, brokerPasswordName, keptFile, NATS_ACCOUNTS } from './broker-accounts.js';

/** The server that EVENT_BUS=nats and TRANSPORT=nats use. */
export function natsConfiguration(): GeneratedFile {
  const path = 'deploy/nats/nats.conf';
  const content = `${headerOf(path)}
# What EVENT_BUS=nats and TRANSPORT=nats use.
port: 4222
# For the health check, inside of the container alone.
http: "127.0.0.1:8222"
jetstream {
  store_dir: "/tmp/nats"
  # An event that was acknowledged is on the disk. The server's own two minutes would lose what a power cut comes between.
  sync_interval: always
}
include ./accounts.conf
`;
  return { path, content };
}

/** A user for each process, and what it may do. */
export function natsAccounts(description: DeploymentDescription): GeneratedFile[] {
  const { brokerUse } = description;
  if (!brokerUse) return keptFile(description, NATS_ACCOUNTS);
  const accounts = brokerAccounts(description);
  const authorization = natsAuthorization(brokerUse, accounts, ({ name }) => brokerPasswordName(name));
  const content = `${headerOf(NATS_ACCOUNTS)}
# A user for each process: what its contexts publish, the events for those that handle any, calls to every context, and answers
# that are for it alone. The passwords are variables of the server's environment, in quotes.
${authorization}`;
  return [{ path: NATS_ACCOUNTS, content }];
}
