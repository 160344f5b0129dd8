import { addressOfProcess, callPattern } from '@fissile/kit/rpc';
import { RabbitmqNames } from '../buses/rabbitmq/rabbitmq-names.js';
import { type BrokerAccount, type BrokerUse, eventsIn } from './broker-account.js';

/** Patterns for the names of what an account of RabbitMQ may declare, write to and read, and for events in their exchange. */
export interface RabbitmqPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  readonly events: { readonly write: string; readonly read: string };
}

/** The default exchange: calls and answers over RabbitMQ go to queues by their names. */
const DEFAULT_EXCHANGE = 'amq.default';

/** What a process does over RabbitMQ, where exchanges and the queues of events are there already. */
export function rabbitmqPermissions(use: BrokerUse, account: BrokerAccount): RabbitmqPermissions {
  const names = new RabbitmqNames(use.prefix);
  const own = eventsIn(use, account);
  const handling = own.filter(({ handles }) => handles.length > 0).map(({ context }) => context);
  // Some calls are for the process as a whole.
  const called = [...own.map(({ context }) => context), addressOfProcess(account.process)];
  const calls = called.map((target) => callPattern(use.prefix, target));
  const queues = handling.map((context) => names.queueOf(context));
  return {
    configure: oneOf(calls),
    // What binds its queue to an exchange writes to the queue and reads the exchange.
    write: oneOf([names.events, DEFAULT_EXCHANGE, ...queues]),
    read: oneOf([
      ...calls,
      ...queues,
      ...handling.map((context) => names.deadQueueOf(context)),
      ...(queues.length > 0 ? [names.events] : []),
    ]),
    events: {
      write: oneOf(
        own.flatMap(({ publishes }) => publishes),
        '[.]v[0-9]+',
      ),
      read: oneOf(
        own.flatMap(({ handles }) => handles),
        '[.][*]',
      ),
    },
  };
}

/** Names have small letters, digits, dots, dashes and underscores alone. */
function oneOf(names: readonly string[], end = ''): string {
  if (names.length === 0) return '^$';
  return `^(${[...new Set(names)].map((name) => name.replaceAll('.', '[.]')).join('|')})${end}$`;
}
