import type { BaseOptions } from '@platformatic/kafka';
import { tlsFilesOf } from '@fissile/kit/config';
import type { MessagingSettings } from '../../messaging.settings.js';

type Optional =
  | 'KAFKA_TLS'
  | 'KAFKA_TLS_CA_FILE'
  | 'KAFKA_TLS_CERT_FILE'
  | 'KAFKA_TLS_KEY_FILE'
  | 'KAFKA_SASL_MECHANISM'
  | 'KAFKA_SASL_USERNAME'
  | 'KAFKA_SASL_PASSWORD';

export type KafkaSettings = Pick<MessagingSettings, 'KAFKA_BROKERS'> &
  Partial<Pick<MessagingSettings, Optional>>;

/** TLS and SASL, as the driver takes them. Files and password are those of the moment of each connection. */
export function kafkaSecurity(settings: KafkaSettings): Pick<BaseOptions, 'tls' | 'tlsServerName' | 'sasl'> {
  const files = tlsFilesOf('KAFKA', settings);
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_MECHANISM: mechanism = 'SCRAM-SHA-512' } = settings;
  return {
    ...((settings.KAFKA_TLS || files.areGiven) && { tls: files.readAtEachUse(), tlsServerName: true }),
    ...(username !== undefined && {
      sasl: { mechanism, username, password: () => settings.KAFKA_SASL_PASSWORD ?? '' },
    }),
  };
}
