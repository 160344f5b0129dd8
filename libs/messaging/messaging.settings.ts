import { z } from 'zod';
import {
  flag,
  list,
  settings,
  SettingsGroup,
  tlsErrors,
  tlsSettings,
  wholeNumber,
} from '@fissile/kit/config';

export const EVENT_BUSES = ['local', 'direct', 'rabbitmq', 'kafka', 'nats'] as const;

export type EventBusName = (typeof EVENT_BUSES)[number];

/** The buses that need a message broker. */
export type BrokerBusName = Exclude<EventBusName, 'local' | 'direct'>;

const isHostAndPort = (text: string): boolean => {
  const url = `kafka://${text}`;
  return URL.canParse(url) && new URL(url).host === text && new URL(url).port !== '';
};

const rememberedLongEnough = (values: {
  OUTBOX_RETENTION_DAYS: number;
  INBOX_RETENTION_DAYS: number;
}): string[] =>
  values.INBOX_RETENTION_DAYS > values.OUTBOX_RETENTION_DAYS
    ? []
    : [
        `INBOX_RETENTION_DAYS: ${values.INBOX_RETENTION_DAYS} is too short, since an event can come again for ` +
          `${values.OUTBOX_RETENTION_DAYS} days; expected more than OUTBOX_RETENTION_DAYS`,
      ];

const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

function kafkaErrors(values: {
  KAFKA_SASL_USERNAME?: string | undefined;
  KAFKA_SASL_PASSWORD?: string | undefined;
}): string[] {
  const errors = tlsErrors('KAFKA', values);
  const { KAFKA_SASL_USERNAME: user, KAFKA_SASL_PASSWORD: password } = values;
  if (user !== undefined && password === undefined)
    return [...errors, 'KAFKA_SASL_PASSWORD (not set): needed, since KAFKA_SASL_USERNAME is set'];
  if (password !== undefined && user === undefined)
    return [...errors, 'KAFKA_SASL_USERNAME (not set): needed, since KAFKA_SASL_PASSWORD is set'];
  return errors;
}

@SettingsGroup()
export class MessagingSettings extends settings(
  {
    EVENT_BUS: {
      schema: z.enum(EVENT_BUSES, { error: `expected one of ${EVENT_BUSES.join(', ')}` }).optional(),
      description:
        'What carries events: local inside one process; direct straight to the processes of the contexts that handle ' +
        'them; rabbitmq, kafka or nats over a broker. Without it, local for one process and direct for several.',
    },
    KAFKA_BROKERS: {
      schema: list()
        .refine(
          (brokers) => brokers.length > 0 && brokers.every(isHostAndPort),
          'expected host:port, or several',
        )
        .default(['127.0.0.1:9092']),
      description:
        'Addresses of Kafka, each as host:port, separated by commas. The others are discovered through one that responds.',
    },
    KAFKA_TLS: {
      schema: flag().default(false),
      description: 'Whether Kafka is connected to by TLS. It is, too, when one of KAFKA_TLS_… names a file.',
    },
    ...tlsSettings('KAFKA', 'the Kafka brokers'),
    KAFKA_SASL_MECHANISM: {
      schema: z
        .enum(SASL_MECHANISMS, { error: `expected one of ${SASL_MECHANISMS.join(', ')}` })
        .default('SCRAM-SHA-512'),
      description: 'How KAFKA_SASL_USERNAME signs in to Kafka.',
    },
    KAFKA_SASL_USERNAME: {
      schema: z.string().min(1).optional(),
      description: 'The user of Kafka. Without it, nobody signs in.',
    },
    KAFKA_SASL_PASSWORD: {
      schema: z.string().min(1).optional(),
      description: 'The password of KAFKA_SASL_USERNAME.',
      secret: true,
      renewable: true,
    },
    OUTBOX_RETENTION_DAYS: {
      schema: wholeNumber(1, 3650).default(7),
      description: 'How long published events stay in the outbox, and on a broker that keeps them.',
    },
    INBOX_RETENTION_DAYS: {
      schema: wholeNumber(2, 3650).default(30),
      description:
        'How long the inbox remembers what it has handled. An event that comes again later than that would be handled ' +
        'twice, so it must be longer than any broker, or OUTBOX_RETENTION_DAYS, keeps one.',
    },
  },
  (values) => [...rememberedLongEnough(values), ...kafkaErrors(values)],
) {}
