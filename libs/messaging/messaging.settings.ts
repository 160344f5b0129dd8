import { z } from 'zod';
import { list, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

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
  rememberedLongEnough,
) {}
