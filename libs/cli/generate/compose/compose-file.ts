import type { Document } from 'yaml';
import { MONOLITH } from '@fissile/kit/contract';
import {
  type ComposeDescription,
  type DeploymentDescription,
  databasePasswordName,
  type GeneratedFile,
  type OptionalService,
  topologiesNamed,
} from '../description.js';
import { comment, spaceOut, yamlDocument, yamlFile } from '../yaml-text.js';
import { EXPORTER } from './database-script.js';
import { composeComment } from './compose-comment.js';
import { brokerAccounts, brokerPasswordName } from './broker-accounts.js';
import { OBSERVE, SERVICE_OFFERS } from './optional-services.js';
import { addProcess } from './process-service.js';
import { addSharedParts, COMMON } from './shared-parts.js';
import { requiredVariable } from './variables.js';

export const COMPOSE_FILE = 'docker-compose.yml';

const POSTGRES = `
<<: *store
mem_limit: 1g
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

function addPostgres(document: Document, { contexts, compose }: DeploymentDescription): void {
  const postgres = yamlDocument(POSTGRES);
  const users = [...contexts, ...(compose?.services.includes('postgres-exporter') ? [EXPORTER] : [])];
  for (const name of users.map(databasePasswordName)) {
    postgres.setIn(['environment', name], requiredVariable(name));
  }
  document.setIn(['services', 'postgres'], postgres.contents);
}

function addOffers(
  document: Document,
  description: DeploymentDescription,
  compose: ComposeDescription,
): void {
  const several = compose.topologies.filter((topology) => topology !== MONOLITH);
  const profilesOf = (service: OptionalService): readonly string[] =>
    ({
      'with several processes': several,
      always: compose.topologies,
      'to observe': [OBSERVE],
      'when chosen': several.length > 0 ? [service] : [],
    })[SERVICE_OFFERS[service].runs];
  const offered = compose.services.filter((service) => profilesOf(service).length > 0);
  for (const service of offered) {
    const offer = SERVICE_OFFERS[service];
    const described = yamlDocument(offer.yaml);
    if (offer.accounts) {
      for (const { name } of brokerAccounts(description)) {
        const password = brokerPasswordName(name);
        described.setIn(['environment', password], offer.accounts.given(requiredVariable(password)));
      }
    }
    described.set('profiles', described.createNode(profilesOf(service)));
    document.setIn(['services', service], described.contents);
    if (offer.comment) comment(document, ['services', service], offer.comment);
  }
  const volumes = ['postgres', ...offered.filter((service) => SERVICE_OFFERS[service].hasVolume)];
  document.set('volumes', document.createNode(Object.fromEntries(volumes.map((volume) => [volume, null]))));
}
