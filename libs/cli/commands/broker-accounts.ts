import { Argument, Command } from 'commander';
import type { BrokerWithAccounts } from '../generate/print-broker-accounts.js';

const BROKERS: readonly BrokerWithAccounts[] = ['nats', 'rabbitmq', 'kafka', 'redis'];

/** `fissile broker-accounts` */
export function brokerAccountsCommand(): Command {
  return new Command('broker-accounts')
    .description(
      'Prints an account for each process of a topology, with what it may publish and read at a broker',
    )
    .addArgument(new Argument('<broker>', 'for which broker').choices(BROKERS))
    .option('--topology <name>', 'a topology of config/topology.yaml', 'split')
    .addHelpText(
      'after',
      `
Examples:
  fissile broker-accounts nats                             authorization { … }, for the configuration of the server
  fissile broker-accounts rabbitmq --topology edge-core    definitions, for rabbitmqctl import_definitions
  fissile broker-accounts redis                            lines of a file of users (aclfile); ACL SETUSER takes what follows "user"
  fissile broker-accounts kafka                            commands of kafka-configs.sh and kafka-acls.sh, for who may alter the cluster

Accounts are called like their processes. A password is the variable BILLING_BROKER_PASSWORD: NATS takes it from its environment,
in quotes; in the definitions put a password, or a password_hash, in its place, and at Redis a password, or # and its SHA-256 in place of > and the
name. Turn the user default of Redis off. The commands for Kafka need
KAFKA_BROKERS, KAFKA_ADMIN_CONFIG (a file for --command-config) and the passwords. For Compose, fissile generate writes all but those for Kafka.`,
    )
    .action(async (broker: BrokerWithAccounts, { topology }: { readonly topology: string }) => {
      const { printBrokerAccounts } = await import('../generate/print-broker-accounts.js');
      await printBrokerAccounts(broker, topology);
    });
}
