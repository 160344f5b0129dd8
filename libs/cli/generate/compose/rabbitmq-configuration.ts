import { rabbitmqDefinitions } from '@fissile/kit/messaging';
import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';
import { brokerAccounts, brokerPasswordName, keptFile, RABBITMQ_DEFINITIONS } from './broker-accounts.js';

/** The server that EVENT_BUS=rabbitmq and TRANSPORT=rmq use, and how it starts. */
export function rabbitmqConfiguration(): GeneratedFile[] {
  const configuration = 'deploy/rabbitmq/rabbitmq.conf';
  const start = 'deploy/rabbitmq/start.sh';
  return [
    {
      path: configuration,
      content: `${headerOf(configuration)}
# Accounts, exchanges and queues, as start.sh writes them; they are imported at each start.
load_definitions = /tmp/definitions.json
`,
    },
    { path: start, content: `#!/bin/bash\n${headerOf(start)}\n${START}`, executable: true },
  ];
}

const START = `# Starts RabbitMQ with definitions.json, in which passwords take the places of their names. The server keeps hashes of them.
set -euo pipefail
umask 077
definitions=$(<"$(dirname "$0")/definitions.json")
for name in $(compgen -e); do
  if [[ $name == *_BROKER_PASSWORD ]]; then
    definitions=\${definitions//"\\"\\$$name\\""/"\\"\${!name}\\""}
  fi
done
missing='"\\$([A-Z0-9_]+)"'
if [[ $definitions =~ $missing ]]; then
  echo "\${BASH_REMATCH[1]} (not set): expected the password of an account" >&2
  exit 1
fi
printf '%s' "$definitions" > /tmp/definitions.json
exec rabbitmq-server
`;

/** A user for each process and what it may do, and the queues of events. */
export function rabbitmqAccounts(description: DeploymentDescription): GeneratedFile[] {
  const { brokerUse } = description;
  if (!brokerUse) return keptFile(description, RABBITMQ_DEFINITIONS);
  const accounts = brokerAccounts(description);
  const passwordOf = ({ name }: { readonly name: string }): string => `$${brokerPasswordName(name)}`;
  const definitions = {
    '//': headerOf(RABBITMQ_DEFINITIONS),
    ...rabbitmqDefinitions(brokerUse, accounts, passwordOf),
  };
  const content = `${JSON.stringify(definitions, null, 2)}\n`;
  return [{ path: RABBITMQ_DEFINITIONS, content }];
}
