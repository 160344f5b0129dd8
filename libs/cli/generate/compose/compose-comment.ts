import {
  type ComposeDescription,
  type DeploymentDescription,
  type DescribedTopology,
  HTTP_PORT,
  type OptionalService,
  topologiesNamed,
} from '../description.js';
import { OBSERVE } from './optional-services.js';
import { ENV_EXAMPLE } from './variables.js';

const PAGES: Partial<Record<OptionalService, string>> = {
  mailpit: 'Mails that were sent are at http://127.0.0.1:8025.',
  jaeger: 'Traces are at http://127.0.0.1:16686.',
};

/** The beginning of docker-compose.yml: how it is used. */
export function composeComment(description: DeploymentDescription, compose: ComposeDescription): string {
  const offers = (service: OptionalService): boolean => compose.services.includes(service);
  const pages = Object.entries(PAGES)
    .filter(([service]) => offers(service as OptionalService))
    .map(([, text]) => text);
  const lines = [
    `The whole product on one machine. ${ENV_EXAMPLE} tells how to make the .env that this needs.`,
    'What you add belongs into compose.override.yaml, which Compose reads too.',
    '',
    ...topologiesNamed(description, compose.topologies).map(commandOf),
    '',
    `The API is at http://127.0.0.1:${HTTP_PORT}. ${pages.join(' ')}`.trim(),
    ...(offers('prometheus')
      ? [
          `With --profile ${OBSERVE} too, Prometheus is at http://127.0.0.1:9090` +
            `${offers('alertmanager') ? ', Alertmanager at http://127.0.0.1:9093' : ''}` +
            `${offers('grafana') ? ', and Grafana at http://127.0.0.1:3001' : ''}.`,
        ]
      : []),
    ...choices(compose),
  ];
  return lines.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
}

function commandOf({ name, processes }: DescribedTopology): string {
  const count = processes.length === 1 ? 'one process' : `${processes.length} processes`;
  return `${`  docker compose --profile ${name} up --build`.padEnd(52)} ${count}`;
}

/** What carries calls and events between processes, as far as it is offered. */
function choices({ topologies, services }: ComposeDescription): string[] {
  if (topologies.every((name) => name === 'monolith')) return [];
  const among = (words: readonly string[], needed: Readonly<Record<string, OptionalService>>): string =>
    words.filter((word) => !needed[word] || services.includes(needed[word])).join(', ');
  return [
    '',
    'How the processes work together is said in .env. A broker that is chosen there runs in a profile of its own name.',
    '',
    `  TRANSPORT=${among(['grpc (default)', 'tcp', 'nats', 'rmq', 'redis'], { nats: 'nats', rmq: 'rabbitmq', redis: 'redis' })}`,
    `  EVENT_BUS=${among(['direct (default)', 'rabbitmq', 'kafka', 'nats'], { rabbitmq: 'rabbitmq', kafka: 'kafka', nats: 'nats' })}`,
    `  DISCOVERY=${among(['dns (default)', 'consul'], { consul: 'consul' })}`,
    ...(services.includes('redis') ? ['  THROTTLE_STORAGE=redis (default), memory'] : []),
  ];
}
