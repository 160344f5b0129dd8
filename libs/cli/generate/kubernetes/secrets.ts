/** The addresses of brokers at which each of several processes has an account of its own. */
export const BROKER_ADDRESSES: readonly string[] = ['RABBITMQ_URL', 'NATS_URL', 'REDIS_URL'];

/** Secret settings of the kit that a process may be given whatever it hosts, beside its databases. */
export const COMMON_SECRETS: readonly string[] = [
  ...BROKER_ADDRESSES,
  'KAFKA_SASL_PASSWORD',
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
