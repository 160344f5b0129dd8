import { Alias, type Document } from 'yaml';
import {
  appOf,
  type ComposeDescription,
  contextsOf,
  type DeploymentDescription,
  type DescribedProcess,
  type DescribedTopology,
  databasePasswordName,
  databaseUrlName,
  GATEWAY,
  type GeneratedFile,
  hostsSettingOf,
  HTTP_PORT,
  MONOLITH,
  RPC_PORT,
  topologiesNamed,
} from '../description.js';
import { comment, spaceOut, yamlDocument, yamlFile } from '../yaml-text.js';
import { composeComment } from './compose-comment.js';
import { OBSERVE, SERVICE_OFFERS } from './optional-services.js';
import { serviceName } from './service-names.js';
import { environmentOf, requiredVariable } from './variables.js';

export const COMPOSE_FILE = 'docker-compose.yml';

const COMMON = `
x-process: &process
  restart: unless-stopped
  # Longer than SHUTDOWN_TIMEOUT_MS, which a process takes at most to finish what is in flight.
  stop_grace_period: 30s
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']

x-store: &store
  restart: unless-stopped
  security_opt: ['no-new-privileges:true']

x-health: &health
  interval: 5s
  timeout: 5s
  retries: 20

x-needs: &needs
  postgres: { condition: service_healthy }

x-settings: &settings
  INTERNAL_AUTH_SECRET: ${requiredVariable('INTERNAL_AUTH_SECRET')}
  LOG_LEVEL: \${LOG_LEVEL:-info}
`;

const TRACING = `
# Set to nothing in .env, it stops all tracing.
OTEL_EXPORTER_OTLP_ENDPOINT: \${OTEL_EXPORTER_OTLP_ENDPOINT-http://otel-collector:4318}
OTEL_TRACES_SAMPLER: \${OTEL_TRACES_SAMPLER:-parentbased_always_on}
OTEL_TRACES_SAMPLER_ARG: \${OTEL_TRACES_SAMPLER_ARG:-1}
`;

const POSTGRES = `
<<: *store
image: postgres:17.7
# The official images begin as root to give themselves their folders; volumes made from them need no such help.
user: postgres
environment:
  POSTGRES_PASSWORD: ${requiredVariable('POSTGRES_PASSWORD')}
volumes:
  - postgres:/var/lib/postgresql/data
  - ./deploy/postgres:/docker-entrypoint-initdb.d:ro
healthcheck:
  <<: *health
  # Over TCP: while the first start runs its scripts, the server listens on its socket alone.
  test: [CMD, pg_isready, --host, 127.0.0.1, --username, postgres]
`;

/** docker-compose.yml: a profile for each topology, with PostgreSQL and the services that the product chose. */
export function composeFile(description: DeploymentDescription, compose: ComposeDescription): GeneratedFile {
  const topologies = topologiesNamed(description, compose.topologies);
  const document = yamlDocument(`name: ${description.name}\n${COMMON}`);
  document.commentBefore = composeComment(description, compose);
  addSharedParts(document, description, compose, topologies);
  document.set('services', document.createNode({}));
  for (const topology of topologies) {
    for (const process of topology.processes) addProcess(document, description, compose, topology, process);
  }
  addPostgres(document, description);
  addOffers(document, description, compose);
  spaceOut(document, []);
  spaceOut(document, ['services']);
  return yamlFile(COMPOSE_FILE, document);
}

const alias = (name: string): Alias => new Alias(name);
const merged = (names: readonly string[]): Alias | Alias[] =>
  names.length === 1 ? alias(names[0] as string) : names.map(alias);

/** What several services have in common: settings of all processes, of a topology, and of a component. */
function addSharedParts(
  document: Document,
  description: DeploymentDescription,
  { services }: ComposeDescription,
  topologies: readonly DescribedTopology[],
): void {
  if (services.includes('otel-collector')) addAll(document, ['x-settings'], yamlDocument(TRACING));
  for (const [name, value] of Object.entries(environmentOf(description.environment))) {
    document.setIn(['x-settings', name], value);
  }
  const several = topologies.filter(({ name }) => name !== MONOLITH);
  const used = services.filter((service) => SERVICE_OFFERS[service].runs === 'with several processes');
  if (several.length > 0) {
    const healthy = used.map((service) => [service, { condition: 'service_healthy' }]);
    anchored(document, 'x-needs-of-several', { '<<': alias('needs'), ...Object.fromEntries(healthy) });
    anchored(document, 'x-several', {
      '<<': alias('settings'),
      TRANSPORT: '${TRANSPORT:-grpc}',
      EVENT_BUS: '${EVENT_BUS:-direct}',
      DISCOVERY: '${DISCOVERY:-dns}',
      ...Object.assign(
        {},
        ...used.map((service) => SERVICE_OFFERS[service].settings?.(description.name) ?? {}),
      ),
    });
    const scaled = ' Every container of a service is an instance: docker compose --profile … up --scale …=3';
    comment(document, ['x-several', 'DISCOVERY'], scaled);
  }
  for (const topology of several) {
    anchored(document, `x-topology-${topology.name}`, {
      '<<': alias('several'),
      TOPOLOGY: topology.name,
      PROCESS_ADDRESSES: addressesOf(topology),
    });
  }
  for (const component of [GATEWAY, ...description.contexts]) {
    const environment = componentEnvironment(description, component);
    if (Object.keys(environment).length > 0) anchored(document, `x-component-${component}`, environment);
  }
}

function componentEnvironment(
  { components }: DeploymentDescription,
  component: string,
): Record<string, string> {
  const own = environmentOf(components[component] ?? []);
  if (component === GATEWAY) return own;
  const password = requiredVariable(databasePasswordName(component));
  return {
    ...own,
    [databaseUrlName(component)]: `postgres://${component}:${password}@postgres:5432/${component}`,
  };
}

function addressesOf(topology: DescribedTopology): string {
  return topology.processes
    .map(({ name }) => `${name}=${serviceName(topology, name)}:${HTTP_PORT}:${RPC_PORT}`)
    .join(', ');
}

function addProcess(
  document: Document,
  description: DeploymentDescription,
  compose: ComposeDescription,
  topology: DescribedTopology,
  process: DescribedProcess,
): void {
  const isOnly = topology.name === MONOLITH;
  const isEdge = process.hosts.includes(GATEWAY);
  const app = appOf(process);
  const described = process.hosts.filter(
    (host) => Object.keys(componentEnvironment(description, host)).length > 0,
  );
  const shared = [
    isOnly ? 'settings' : `topology-${topology.name}`,
    ...described.map((name) => `component-${name}`),
  ];
  const hosts = hostsSettingOf(topology, process);
  const sharesLimits = isEdge && !isOnly && compose.services.includes('redis');
  const service = {
    '<<': alias('process'),
    profiles: [topology.name],
    image: `${description.name}-${app}`,
    build: { context: '.', target: app },
    depends_on: isOnly ? alias('needs') : dependenciesOf(topology, process),
    ...(isEdge ? { ports: [`127.0.0.1:\${${compose.portVariable}:-${HTTP_PORT}}:${HTTP_PORT}`] } : {}),
    environment: {
      '<<': merged(shared),
      ...(hosts === undefined ? {} : { HOSTS: hosts }),
      ...(sharesLimits ? { THROTTLE_STORAGE: '${THROTTLE_STORAGE:-redis}' } : {}),
    },
  };
  const path = ['services', serviceName(topology, process.name)];
  document.setIn(path, document.createNode(service, { aliasDuplicateObjects: false }));
  if (sharesLimits) {
    comment(
      document,
      [...path, 'environment', 'THROTTLE_STORAGE'],
      ' All gateways count the requests of a client together.',
    );
  }
}

/** The gateway answers for what is up, but is called well only when all are. */
function dependenciesOf(topology: DescribedTopology, process: DescribedProcess): unknown {
  const others = topology.processes.filter((other) => other !== process);
  if (!process.hosts.includes(GATEWAY) || others.length === 0) return alias('needs-of-several');
  const healthy = Object.fromEntries(
    others.map(({ name }) => [serviceName(topology, name), { condition: 'service_healthy' }]),
  );
  return contextsOf(process).length > 0 ? { '<<': alias('needs-of-several'), ...healthy } : healthy;
}

function addPostgres(document: Document, { contexts }: DeploymentDescription): void {
  const postgres = yamlDocument(POSTGRES);
  for (const name of contexts.map(databasePasswordName)) {
    postgres.setIn(['environment', name], requiredVariable(name));
  }
  document.setIn(['services', 'postgres'], postgres.contents);
}

function addOffers(document: Document, { name }: DeploymentDescription, compose: ComposeDescription): void {
  const several = compose.topologies.filter((topology) => topology !== MONOLITH);
  const profiles = { 'with several processes': several, always: compose.topologies, 'to observe': [OBSERVE] };
  const offered = compose.services.filter((service) => profiles[SERVICE_OFFERS[service].runs].length > 0);
  for (const service of offered) {
    const offer = SERVICE_OFFERS[service];
    const described = yamlDocument(offer.yaml(name));
    described.set('profiles', described.createNode(profiles[offer.runs]));
    document.setIn(['services', service], described.contents);
    if (offer.comment) comment(document, ['services', service], offer.comment);
  }
  const volumes = ['postgres', ...offered.filter((service) => SERVICE_OFFERS[service].hasVolume)];
  document.set('volumes', document.createNode(Object.fromEntries(volumes.map((volume) => [volume, null]))));
}

/** `x-<anchor>: &<anchor>` */
function anchored(document: Document, key: string, value: object): void {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  node.anchor = key.replace('x-', '');
  document.set(key, node);
}

function addAll(document: Document, path: readonly string[], added: Document): void {
  for (const pair of (added.contents as unknown as { items: unknown[] }).items) document.addIn(path, pair);
}
