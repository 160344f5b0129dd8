/** By which each of several processes signs in to brokers, at which it has an account of its own. */
export const BROKER_ACCOUNTS: readonly string[] = [
  'RABBITMQ_URL',
  'NATS_URL',
  'REDIS_URL',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
];

/** Secret settings of the kit that a process may be given whatever it hosts, beside its databases. */
export const COMMON_SECRETS: readonly string[] = [
  ...BROKER_ACCOUNTS,
  'BROKER_SECRET',
  'CONSUL_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
];

/** The variable of a container that comes from the Secret of the product. */
export function secretVariable(
  product: string,
  { name, required }: { readonly name: string; readonly required: boolean },
): object {
  const reference = { name: `${product}-secrets`, key: name, ...(required ? {} : { optional: true }) };
  return { name, valueFrom: { secretKeyRef: reference } };
}
