import { GATEWAY } from '@fissile/kit/contract';
import { addressOfProcess, callPattern, cancelPattern, RedisNames } from '@fissile/kit/rpc';
import { type BrokerAccount, type BrokerUse, eventsIn } from './broker-account.js';

/** The driver asks by INFO whether the server has loaded its data, and chooses the database of REDIS_URL. */
const ALWAYS = '+ping +info +select +unsubscribe';
/** The commands of the script that counts the requests of a client. */
const COUNTING = '+eval +evalsha +time +hmget +hset +pexpire';

/**
 * Lines of a file of Redis with a user for each account, of Redis 7 or later.
 * @param passwordOf what stands for the password of an account
 */
export function redisUsers(
  use: BrokerUse,
  accounts: readonly BrokerAccount[],
  passwordOf: (account: BrokerAccount) => string,
): string {
  const users = accounts.map((account) => {
    const selectors = redisSelectors(use, account).map((rules) => `(${rules})`);
    return `user ${account.name} reset on >${passwordOf(account)} ${ALWAYS} ${selectors.join(' ')}\n`;
  });
  return users.join('');
}

/** What a process does at Redis and nothing else. A channel by itself would be open for publishing and subscribing alike. */
function redisSelectors(use: BrokerUse, account: BrokerAccount): string[] {
  const { prefix } = use;
  const { process, hosts } = account;
  const names = new RedisNames(prefix);
  const own = eventsIn(use, account).map(({ context }) => context);
  // Some calls are for the process as a whole.
  const called = [...own, addressOfProcess(process)];
  return [
    // Contracts that every context serves are for all, so each process calls each context; the token of a call says the rest.
    rules('+publish', [
      callPattern(prefix, '*'),
      cancelPattern(prefix, '*'),
      ...called.map((context) => `${names.answersTo('*')}*.${context}`),
    ]),
    rules('+subscribe', [
      ...called.flatMap((target) => [callPattern(prefix, target), cancelPattern(prefix, target)]),
      `${names.answersTo(process)}*`,
    ]),
    `+set %W~${names.claimOf('*')}`,
    ...(hosts.includes(GATEWAY) ? [`${COUNTING} ~${names.bucketOf('*')}`] : []),
  ];
}

function rules(command: string, channels: readonly string[]): string {
  return [command, ...channels.map((channel) => `&${channel}`)].join(' ');
}
