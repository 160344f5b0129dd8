import { rabbitmqDefinitions } from '@fissile/kit/messaging';
import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';
import { accountStartScript } from './account-start-script.js';
import { brokerAccounts, brokerPasswordName, keptFile, RABBITMQ_DEFINITIONS } from './broker-accounts.js';

/** The server that EVENT_BUS=rabbitmq and TRANSPORT=rmq use, and how it starts. */
export function rabbitmqConfiguration(): GeneratedFile[] {
  const configuration = 'deploy/rabbitmq/rabbitmq.conf';
  return [
    {
      path: configuration,
      content: `${headerOf(configuration)}
# Accounts, exchanges and queues, as start.sh writes them; they are imported at each start.
load_definitions = /tmp/definitions.json
`,
    },
    accountStartScript({
      path: 'deploy/rabbitmq/start.sh',
      does: 'Starts RabbitMQ with definitions.json, in which passwords take the places of their names. The server keeps hashes of them.',
      print: '<"$folder/definitions.json"',
      between: ['"', '"'],
      filledIn: '/tmp/definitions.json',
      start: 'exec rabbitmq-server',
    }),
  ];
}

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
