import type { OptionalService } from '../description.js';
import * as brokers from './brokers.js';
import * as observability from './observability.js';
import { requiredVariable } from './variables.js';

export interface ServiceOffer {
  /** The service as YAML; it may use the anchors `store` and `health` of the file. */
  readonly yaml: string;
  /** Which profiles run it: those with several processes, all of them, the one that observes, or one with its name. */
  readonly runs: 'with several processes' | 'always' | 'to observe' | 'when chosen';
  readonly comment?: string;
  readonly hasVolume?: boolean;
  /** Secrets that .env must have. */
  readonly passwords?: readonly string[];
  /** Settings by which processes find it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A broker at which each process has an account. */
  readonly accounts?: {
    /** The setting with the address, and that address for an account. */
    readonly setting: string;
    readonly address: (user: string, password: string) => string;
    /** How the variable with the password of an account reaches it. */
    readonly given: (password: string) => string;
  };
}

/** Every service that Compose may offer beside the processes and PostgreSQL. */
export const SERVICE_OFFERS: Readonly<Record<OptionalService, ServiceOffer>> = {
  redis: {
    yaml: brokers.redis,
    runs: 'with several processes',
    hasVolume: true,
    accounts: {
      setting: 'REDIS_URL',
      address: (user, password) => `redis://${user}:${password}@redis:6379`,
      given: (password) => password,
    },
  },
  rabbitmq: {
    yaml: brokers.rabbitmq,
    runs: 'when chosen',
    hasVolume: true,
    accounts: {
      setting: 'RABBITMQ_URL',
      address: (user, password) => `amqp://${user}:${password}@rabbitmq:5672`,
      given: (password) => password,
    },
  },
  kafka: {
    yaml: brokers.kafka,
    runs: 'when chosen',
    hasVolume: true,
    settings: { KAFKA_BROKERS: 'kafka:9092' },
  },
  nats: {
    yaml: brokers.nats,
    runs: 'when chosen',
    hasVolume: true,
    accounts: {
      setting: 'NATS_URL',
      address: (user, password) => `nats://${user}:${password}@nats:4222`,
      // Without quotes the server would read a number where a password begins like one.
      given: (password) => `"${password}"`,
    },
  },
  consul: {
    yaml: brokers.consul(requiredVariable('CONSUL_TOKEN')),
    runs: 'when chosen',
    hasVolume: true,
    passwords: ['CONSUL_TOKEN'],
    settings: { CONSUL_URL: 'http://consul:8500', CONSUL_TOKEN: requiredVariable('CONSUL_TOKEN') },
  },
  prometheus: { yaml: observability.prometheus, runs: 'to observe', hasVolume: true },
  alertmanager: {
    yaml: observability.alertmanager,
    runs: 'to observe',
    comment: ' Hands alerts on to people, as deploy/alertmanager/alertmanager.yml says.',
    hasVolume: true,
  },
  'postgres-exporter': {
    yaml: observability.postgresExporter,
    runs: 'to observe',
    passwords: ['EXPORTER_DATABASE_PASSWORD'],
  },
  'otel-collector': {
    yaml: observability.otelCollector,
    runs: 'always',
    comment: ' This image and the next have nothing to ask about health with; nobody waits for traces.',
  },
  jaeger: {
    yaml: observability.jaeger,
    runs: 'always',
    comment: ' Keeps traces in memory: they are gone when it is.',
  },
  mailpit: {
    yaml: observability.mailpit,
    runs: 'always',
    comment: ' Takes every mail, delivers none, and shows them.',
  },
  grafana: {
    yaml: observability.grafana,
    runs: 'to observe',
    hasVolume: true,
    passwords: ['GRAFANA_PASSWORD'],
  },
};

/** The profile of what shows metrics; Compose has one for each topology beside it. */
export const OBSERVE = 'observe';
