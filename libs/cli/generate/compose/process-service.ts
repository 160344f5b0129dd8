import type { Document } from 'yaml';
import { GATEWAY, MONOLITH } from '@fissile/kit/contract';
import {
  appOf,
  type ComposeDescription,
  contextsOf,
  type DeploymentDescription,
  type DescribedProcess,
  type DescribedTopology,
  hostsSettingOf,
  HTTP_PORT,
} from '../description.js';
import { comment } from '../yaml-text.js';
import { brokerPasswordName } from './broker-accounts.js';
import { SERVICE_OFFERS } from './optional-services.js';
import { processKeyName } from './process-keys.js';
import { serviceName } from './service-names.js';
import { alias, componentEnvironment } from './shared-parts.js';
import { requiredVariable } from './variables.js';

/** Adds the service that runs a process of a topology. */
export function addProcess(
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
  // Of two entries with one name the first counts.
  const shared = [
    ...described.map((name) => `component-${name}`),
    isOnly ? 'settings' : `topology-${topology.name}`,
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
      '<<': shared.length === 1 ? alias(shared[0] as string) : shared.map(alias),
      ...(hosts === undefined ? {} : { HOSTS: hosts }),
      ...(isOnly ? {} : ownSecrets(compose, serviceName(topology, process.name))),
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

/** By which it is itself: its key, and its accounts at the brokers. */
function ownSecrets({ services }: ComposeDescription, account: string): Record<string, string> {
  const password = requiredVariable(brokerPasswordName(account));
  const addresses = services.flatMap((service): [string, string][] => {
    const { accounts } = SERVICE_OFFERS[service];
    return accounts ? [[accounts.setting, accounts.address(account, password)]] : [];
  });
  return {
    INTERNAL_AUTH_KEY: requiredVariable(processKeyName(account)),
    ...Object.fromEntries(addresses),
  };
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
