import {
  kafkaCommands,
  natsAuthorization,
  rabbitmqDefinitions,
  redisUsers,
  type BrokerAccount,
  type BrokerUse,
} from '@fissile/kit/messaging';
import { findProject, loadProduct } from '../product-project.js';
import { brokerPasswordName } from './compose/broker-accounts.js';
import { readDeployment } from './generate.js';
import { chosenTopology } from './topologies.js';

/** The brokers that know accounts. */
export type BrokerWithAccounts = 'nats' | 'rabbitmq' | 'kafka' | 'redis';

type Render = (use: BrokerUse, accounts: readonly BrokerAccount[]) => string;

const BROKERS: Readonly<Record<BrokerWithAccounts, Render>> = {
  nats: (use, accounts) => natsAuthorization(use, accounts, ({ name }) => brokerPasswordName(name)),
  rabbitmq: (use, accounts) => {
    const definitions = rabbitmqDefinitions(use, accounts, ({ name }) => `$${brokerPasswordName(name)}`);
    return `${JSON.stringify(definitions, null, 2)}\n`;
  },
  kafka: (use, accounts) => `${kafkaCommands(use, accounts, ({ name }) => brokerPasswordName(name))}\n`,
  redis: (use, accounts) => redisUsers(use, accounts, ({ name }) => `$${brokerPasswordName(name)}`),
};

/** Prints an account for each process of a topology. */
export async function printBrokerAccounts(broker: BrokerWithAccounts, topology: string): Promise<void> {
  const project = findProject();
  const product = await loadProduct(project);
  const { brokerUse, topologies } = readDeployment(project.root, product.contextNames, {}, { product });
  const accounts = chosenTopology(topologies, topology).processes.map(({ name, hosts }) => ({
    name,
    process: name,
    hosts,
  }));
  if (brokerUse) process.stdout.write(BROKERS[broker](brokerUse, accounts));
}
