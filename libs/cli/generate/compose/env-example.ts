import { GATEWAY } from '@fissile/kit/contract';
import {
  type ComposeDescription,
  databasePasswordName,
  type DeploymentDescription,
  type GeneratedFile,
  type Variable,
} from '../description.js';
import { headerOf } from '../header.js';
import { COMPOSE_FILE } from './compose-file.js';
import { SERVICE_OFFERS } from './optional-services.js';
import { ENV_EXAMPLE } from './variables.js';

const HOW = `# The settings of ${COMPOSE_FILE}. This fills each empty one with a random value and writes .env, which Compose reads:
#
#   awk '/=$/ { "openssl rand -hex 24" | getline value; close("openssl rand -hex 24"); $0 = $0 value } 1' \\
#     ${ENV_EXAMPLE} > .env && chmod 600 .env
#
# Passwords become parts of addresses, so use letters and digits alone. Those of the databases are given to PostgreSQL
# at its first start; later they change in both places.`;

/** deploy/compose.env.example: every variable that Compose needs, and those that it may be given. */
export function envExample(
  description: DeploymentDescription,
  { services }: ComposeDescription,
): GeneratedFile {
  const passwords = [
    'POSTGRES_PASSWORD',
    ...description.contexts.map(databasePasswordName),
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
    '# By this the processes know each other.\nINTERNAL_AUTH_SECRET=',
    passwords.map((name) => `${name}=`).join('\n'),
    ...tracing,
  ];
  return { path: ENV_EXAMPLE, content: `${sections.join('\n\n')}\n` };
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
