import { Alias, type Document } from 'yaml';
import { GATEWAY, MONOLITH } from '@fissile/kit/contract';
import {
  type ComposeDescription,
  componentsOf,
  type DeploymentDescription,
  type DescribedTopology,
  databasePasswordName,
  databaseUrlName,
  HTTP_PORT,
  type OptionalService,
  RPC_PORT,
} from '../description.js';
import { comment, yamlDocument } from '../yaml-text.js';
import { SERVICE_OFFERS } from './optional-services.js';
import { PUBLIC_KEYS } from './process-keys.js';
import { serviceName } from './service-names.js';
import { environmentOf, requiredVariable } from './variables.js';

/** The beginning of the file: what services have in common, by anchors. */
export const COMMON = `
x-process: &process
  restart: unless-stopped
  # Longer than SHUTDOWN_TIMEOUT_MS, which a process takes at most to finish what is in flight.
  stop_grace_period: 30s
  mem_limit: 512m
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']

x-store: &store
  restart: unless-stopped
  mem_limit: 512m
  security_opt: ['no-new-privileges:true']

x-health: &health
  interval: 5s
  timeout: 5s
  retries: 20

x-needs: &needs
  postgres: { condition: service_healthy }

x-settings: &settings
  LOG_LEVEL: \${LOG_LEVEL:-info}
`;

const TRACING = `
# Set to nothing in .env, it stops all tracing.
OTEL_EXPORTER_OTLP_ENDPOINT: \${OTEL_EXPORTER_OTLP_ENDPOINT-http://otel-collector:4318}
OTEL_TRACES_SAMPLER: \${OTEL_TRACES_SAMPLER:-parentbased_always_on}
OTEL_TRACES_SAMPLER_ARG: \${OTEL_TRACES_SAMPLER_ARG:-1}
OTEL_LOGS_EXPORTER: \${OTEL_LOGS_EXPORTER:-none}
OTEL_METRICS_EXPORTER: \${OTEL_METRICS_EXPORTER:-none}
`;

export function alias(name: string): Alias {
  return new Alias(name);
}

/** What several services have in common: settings of all processes, of a topology, and of a component. */
export function addSharedParts(
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
  const used = services.filter((service) => isUsedBySeveral(service));
  if (several.length > 0) {
    const healthy = used.map((service) => [
      service,
      // One in a profile of its own may be left out.
      { condition: 'service_healthy', ...(isChosen(service) ? { required: false } : {}) },
    ]);
    anchored(document, 'x-needs-of-several', { '<<': alias('needs'), ...Object.fromEntries(healthy) });
    anchored(document, 'x-several', {
      '<<': alias('settings'),
      TRANSPORT: '${TRANSPORT:-grpc}',
      EVENT_BUS: '${EVENT_BUS:-direct}',
      [PUBLIC_KEYS]: requiredVariable(PUBLIC_KEYS),
      BROKER_SECRET: requiredVariable('BROKER_SECRET'),
      DISCOVERY: '${DISCOVERY:-dns}',
      ...Object.assign({}, ...used.map((service) => SERVICE_OFFERS[service].settings ?? {})),
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
  for (const component of componentsOf(description)) {
    const environment = componentEnvironment(description, component);
    if (Object.keys(environment).length > 0) anchored(document, `x-component-${component}`, environment);
  }
}

function isChosen(service: OptionalService): boolean {
  return SERVICE_OFFERS[service].runs === 'when chosen';
}

function isUsedBySeveral(service: OptionalService): boolean {
  return isChosen(service) || SERVICE_OFFERS[service].runs === 'with several processes';
}

/** What a component is given in each service that hosts it. */
export function componentEnvironment(
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

/** `x-<anchor>: &<anchor>` */
function anchored(document: Document, key: string, value: object): void {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  node.anchor = key.replace('x-', '');
  document.set(key, node);
}

function addAll(document: Document, path: readonly string[], added: Document): void {
  for (const pair of (added.contents as unknown as { items: unknown[] }).items) document.addIn(path, pair);
}
