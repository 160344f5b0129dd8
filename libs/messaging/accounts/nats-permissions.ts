import { addressOfProcess, callPattern, cancelPattern, natsInboxPrefix } from '@fissile/kit/rpc';
import { NatsNames, PARTITIONS } from '../buses/nats/nats-names.js';
import { type BrokerAccount, type BrokerUse, type ContextEvents, eventsIn } from './broker-account.js';

/** The subjects that an account of NATS may use. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/**
 * What a process does over NATS and nothing else. Beside it the account needs `allow_responses`: by that alone it answers
 * those who called it, and nobody else.
 */
export function natsPermissions(use: BrokerUse, account: BrokerAccount): NatsPermissions {
  const { prefix } = use;
  const names = new NatsNames(prefix);
  const own = eventsIn(use, account);
  // Some calls are for the process as a whole.
  const called = [...own.map(({ context }) => context), addressOfProcess(account.process)];
  return {
    publish: [
      // Contracts that every context serves are for all, so each process calls each context; the token of a call says the rest.
      callPattern(prefix, '*'),
      cancelPattern(prefix, '*'),
      ...own.flatMap(({ publishes }) => publishes.map((name) => names.subjectsOf(name))),
      '$JS.API.INFO',
      `$JS.API.STREAM.INFO.${names.name}`,
      // The first process makes the stream; one that is there is not changed by it.
      `$JS.API.STREAM.CREATE.${names.name}`,
      ...own.filter(({ handles }) => handles.length > 0).flatMap((events) => consuming(names, events)),
    ],
    subscribe: [
      `${natsInboxPrefix(account.process)}.>`,
      ...called.flatMap((target) => [callPattern(prefix, target), cancelPattern(prefix, target)]),
    ],
  };
}

/** What takes the events of a context from its own consumers. */
function consuming(names: NatsNames, { context }: ContextEvents): string[] {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  return partitions.flatMap((partition) => {
    const consumer = `${names.name}.${names.consumerOf(context, partition)}`;
    return [
      `$JS.API.CONSUMER.CREATE.${consumer}.${names.subjectsIn(partition)}`,
      `$JS.API.CONSUMER.INFO.${consumer}`,
      `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
      `$JS.ACK.${consumer}.>`,
    ];
  });
}
