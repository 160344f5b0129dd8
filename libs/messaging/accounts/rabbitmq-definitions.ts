import { DEAD_QUEUE_ARGUMENTS, queueArguments, RabbitmqNames } from '../buses/rabbitmq/rabbitmq-names.js';
import type { BrokerAccount, BrokerUse, ContextEvents } from './broker-account.js';
import { rabbitmqPermissions } from './rabbitmq-permissions.js';

const VHOST = '/';

/**
 * Definitions that RabbitMQ imports: the accounts, and the exchanges and queues of events, which none of them may declare.
 * @param passwordOf what stands for the password of an account
 */
export function rabbitmqDefinitions(
  use: BrokerUse,
  accounts: readonly BrokerAccount[],
  passwordOf: (account: BrokerAccount) => string,
): Record<string, readonly object[]> {
  const permitted = accounts.map((account) => ({ account, may: rabbitmqPermissions(use, account) }));
  return {
    vhosts: [{ name: VHOST }],
    users: accounts.map((account) => ({ name: account.name, password: passwordOf(account), tags: '' })),
    permissions: permitted.map(({ account: { name: user }, may: { configure, write, read } }) => ({
      user,
      vhost: VHOST,
      configure,
      write,
      read,
    })),
    topic_permissions: permitted.map(({ account: { name: user }, may: { events } }) => ({
      user,
      vhost: VHOST,
      exchange: new RabbitmqNames(use.prefix).events,
      ...events,
    })),
    ...topology(use),
  };
}

function topology({ prefix, events }: BrokerUse): Record<string, readonly object[]> {
  const names = new RabbitmqNames(prefix);
  const handling = events.filter(({ handles }) => handles.length > 0);
  return {
    exchanges: [
      { name: names.events, vhost: VHOST, type: 'topic', durable: true, auto_delete: false, arguments: {} },
      { name: names.dead, vhost: VHOST, type: 'direct', durable: true, auto_delete: false, arguments: {} },
    ],
    queues: handling.flatMap(({ context }) => [
      queue(names.queueOf(context), queueArguments(names, context)),
      queue(names.deadQueueOf(context), DEAD_QUEUE_ARGUMENTS),
    ]),
    bindings: handling.flatMap((one) => bindings(names, one)),
  };
}

function queue(name: string, parameters: object): object {
  return { name, vhost: VHOST, durable: true, auto_delete: false, arguments: parameters };
}

function bindings(names: RabbitmqNames, { context, handles }: ContextEvents): object[] {
  const binding = (source: string, destination: string, key: string): object => ({
    source,
    vhost: VHOST,
    destination,
    destination_type: 'queue',
    routing_key: key,
    arguments: {},
  });
  return [
    ...handles.map((name) => binding(names.events, names.queueOf(context), names.versionsOf(name))),
    binding(names.dead, names.deadQueueOf(context), context),
  ];
}
