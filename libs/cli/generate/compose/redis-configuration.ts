import { redisUsers } from '@fissile/kit/messaging';
import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';
import { accountStartScript } from './account-start-script.js';
import { brokerAccounts, brokerPasswordName, keptFile, REDIS_USERS } from './broker-accounts.js';

/** How the server starts that TRANSPORT=redis and THROTTLE_STORAGE=redis use. */
export function redisStart(): GeneratedFile {
  return accountStartScript({
    path: 'deploy/redis/start.sh',
    does: 'Starts Redis with users.acl, in which passwords take the places of their names. Redis takes no comments there.',
    print: `grep '^user ' "$folder/users.acl"`,
    between: ['>', ' '],
    filledIn: '/tmp/users.acl',
    start: 'exec redis-server --appendonly yes --aclfile /tmp/users.acl',
  });
}

/** A user for each process and what it may do; who is none of them may do nothing. */
export function redisAccounts(description: DeploymentDescription): GeneratedFile[] {
  const { brokerUse } = description;
  if (!brokerUse) return keptFile(description, REDIS_USERS);
  const accounts = brokerAccounts(description);
  const users = redisUsers(brokerUse, accounts, ({ name }) => `$${brokerPasswordName(name)}`);
  const content = `${headerOf(REDIS_USERS)}
# A user for each process: it calls every context, hears calls and answers that are for it alone, and answers for its own contexts.
# Gateways count requests. health may ask whether the server answers, and nothing else.
user default reset off
user health reset on nopass +ping
${users}`;
  return [{ path: REDIS_USERS, content }];
}
