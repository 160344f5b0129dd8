import {
  type Metric,
  openMetricsContentType,
  prometheusContentType,
  register,
  Registry,
  type RegistryContentType,
} from 'prom-client';

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** The types say that what a registry was made for is what it stays. */
type AnyRegistry = Registry<RegistryContentType>;

/** Only a registry of this kind takes metrics with exemplars, so it must be said before there are any. */
export function keepExemplars(): void {
  (register as AnyRegistry).setContentType(openMetricsContentType);
}

/** All metrics of the process: as OpenMetrics, with exemplars, for those who ask for it, and as plain text for others. */
export async function exposeMetrics(accept = ''): Promise<Exposition> {
  const wanted = accept.includes('application/openmetrics-text')
    ? openMetricsContentType
    : prometheusContentType;
  const registry: AnyRegistry = new Registry();
  registry.setContentType(wanted);
  for (const { name } of register.getMetricsAsArray()) {
    const metric = register.getSingleMetric(name) as Metric;
    // Counters are renamed when they are written as OpenMetrics, so a copy of each is written.
    registry.registerMetric(Object.create(metric) as Metric);
  }
  return { contentType: wanted, text: await registry.metrics() };
}
