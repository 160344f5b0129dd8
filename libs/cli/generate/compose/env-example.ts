import { GATEWAY } from '@fissile/kit/contract';
import {
  type ComposeDescription,
  databasePasswordName,
  type DeploymentDescription,
  type GeneratedFile,
  type Variable,
} from '../description.js';
import { headerOf } from '../header.js';
import { brokerAccounts, brokerPasswordName } from './broker-accounts.js';
import { COMPOSE_FILE } from './compose-file.js';
import { SERVICE_OFFERS } from './optional-services.js';
import { processKeyName, PUBLIC_KEYS } from './process-keys.js';
import { ENV_EXAMPLE, MAKE_ENV } from './variables.js';

const HOW = `# The settings of ${COMPOSE_FILE}. This writes .env, which Compose reads, with a random value for each that is empty and
# a key for each process; once there is one, it adds what is new here:
#
#   sh ${MAKE_ENV}
#
# Passwords become parts of addresses, so use letters and digits alone. Those of the databases are given to PostgreSQL
# at its first start; later they change in both places. Those of accounts at brokers change with a restart.`;

/** deploy/compose.env.example: every variable that Compose needs, and those that it may be given. */
export function envExample(
  description: DeploymentDescription,
  { services }: ComposeDescription,
): GeneratedFile {
  const passwords = [
    'POSTGRES_PASSWORD',
    ...description.contexts.map(databasePasswordName),
    ...(services.some((service) => SERVICE_OFFERS[service].accounts)
      ? brokerAccounts(description).map(({ name }) => brokerPasswordName(name))
      : []),
    ...services.flatMap((service) => SERVICE_OFFERS[service].passwords ?? []),
  ];
  const tracing = services.includes('otel-collector')
    ? [
        '# Where traces go; with nothing behind the = there are none.\n# OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:4318',
      ]
    : [];
  const sections = [
    `${headerOf(ENV_EXAMPLE)}\n${HOW}`,
    ...groupsOf(description).map((variables) => variables.map(linesOf).join('\n')),
    ...internalSecrets(description),
    passwords.map((name) => `${name}=`).join('\n'),
    ...tracing,
  ];
  return { path: ENV_EXAMPLE, content: `${sections.join('\n\n')}\n` };
}

/** By what processes know each other; one alone knows nobody. */
function internalSecrets(description: DeploymentDescription): string[] {
  const processes = brokerAccounts(description);
  if (processes.length === 0) return [];
  return [
    [
      '# The private key of each process, and the public keys of all.',
      ...processes.map(({ name }) => `${processKeyName(name)}=`),
      `${PUBLIC_KEYS}=`,
    ].join('\n'),
    '# Signs events and encrypts calls on a broker.\nBROKER_SECRET=',
  ];
}

/** The variables of all processes, then those of each component; each variable once. */
function groupsOf({ environment, components, contexts }: DeploymentDescription): Variable[][] {
  const seen = new Set<string>();
  const groups = [environment, ...[GATEWAY, ...contexts].map((component) => components[component] ?? [])];
  return groups
    .map((group) =>
      group.filter(({ name }) => {
        const isNew = !seen.has(name);
        seen.add(name);
        return isNew;
      }),
    )
    .filter((group) => group.length > 0);
}

function linesOf({ name, required, description, example, default: otherwise }: Variable): string {
  const entry = `${name}=${example ?? otherwise ?? ''}`;
  return [...(description === undefined ? [] : [`# ${description}`]), required ? entry : `# ${entry}`].join(
    '\n',
  );
}
