import { KafkaNames } from '../buses/kafka/kafka-names.js';
import { type BrokerAccount, type BrokerUse, eventsIn } from './broker-account.js';

/** KAFKA_SASL_MECHANISM, unless it is set. */
const MECHANISM = 'SCRAM-SHA-512';
/** Where Kafka listens, and as whom its tools sign in. */
const CLUSTER = '--bootstrap-server "$KAFKA_BROKERS" --command-config "$KAFKA_ADMIN_CONFIG"';

/**
 * Commands of Kafka's own tools which make a user for each account and say what it may do. A process makes the topic when it is
 * missing. All events are in one topic, so that who publishes any may publish all, and who handles any may read all.
 * @param passwordOf the name of the variable with the password of an account
 */
export function kafkaCommands(
  use: BrokerUse,
  accounts: readonly BrokerAccount[],
  passwordOf: (account: BrokerAccount) => string,
): string {
  return accounts.map((account) => commandsFor(use, account, passwordOf(account)).join('\n')).join('\n\n');
}

function commandsFor(use: BrokerUse, account: BrokerAccount, password: string): string[] {
  const names = new KafkaNames(use.prefix);
  const own = eventsIn(use, account);
  const handling = own.filter(({ handles }) => handles.length > 0).map(({ context }) => context);
  const onTopic = [
    'Describe',
    'Create',
    ...(own.some(({ publishes }) => publishes.length > 0) ? ['Write'] : []),
    ...(handling.length > 0 ? ['Read'] : []),
  ];
  return [
    `kafka-configs.sh ${CLUSTER} --alter --entity-type users --entity-name ${account.name}` +
      ` --add-config "${MECHANISM}=[password=$${password}]"`,
    permit(account, onTopic, `--topic ${names.name}`),
    ...handling.map((context) => permit(account, ['Read'], `--group ${names.groupOf(context)}`)),
  ];
}

function permit({ name }: BrokerAccount, operations: readonly string[], resource: string): string {
  const operated = operations.map((operation) => `--operation ${operation}`).join(' ');
  return `kafka-acls.sh ${CLUSTER} --add --allow-principal User:${name} ${operated} ${resource}`;
}
