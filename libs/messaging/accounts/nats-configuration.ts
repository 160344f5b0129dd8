import type { BrokerAccount, BrokerUse } from './broker-account.js';
import { natsPermissions } from './nats-permissions.js';

/** As long as any call may take: CALL_TIMEOUT_MS. */
const ANSWER_WITHIN = '10m';

/**
 * The part `authorization` of the configuration of a NATS server.
 * @param passwordOf the name of the variable with the password of an account
 */
export function natsAuthorization(
  use: BrokerUse,
  accounts: readonly BrokerAccount[],
  passwordOf: (account: BrokerAccount) => string,
): string {
  const users = accounts.map((account) => {
    const { publish, subscribe } = natsPermissions(use, account);
    return `    {
      user: "${account.name}"
      password: $${passwordOf(account)}
      permissions {
        publish: [
${lines(publish)}
        ]
        subscribe: [
${lines(subscribe)}
        ]
        # Who was called answers the caller, once.
        allow_responses: { max: 1, expires: "${ANSWER_WITHIN}" }
      }
    }
`;
  });
  return `authorization {\n  users: [\n${users.join('')}  ]\n}\n`;
}

function lines(subjects: readonly string[]): string {
  return subjects.map((subject) => `          "${subject}"`).join('\n');
}
