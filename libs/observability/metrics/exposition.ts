import {
  type Metric,
  openMetricsContentType,
  prometheusContentType,
  register,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import { sharedWhileUnderWay } from '@fissile/kit/async';

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

/**
 * All metrics of the process: as OpenMetrics, with exemplars, for those who ask for it, and as plain text for others. Those who ask
 * while they are collected share them: anyone may ask, as often as they like.
 */
export function exposeMetrics(accept = ''): Promise<Exposition> {
  return accept.includes('application/openmetrics-text') ? asOpenMetrics() : asPlainText();
}

/**
 * What operators see of the work of a process, as plain text. Others are left out since some begin a new window whenever they are read,
 * such as those of the event loop: whoever reads often would hide from others what they wait for.
 */
export const exposeActivity = sharedWhileUnderWay(() => expose(prometheusContentType, isOfActivity));

const OF_ACTIVITY =
  /^(?:http_request|contract_call_|database_pool_|event_deliveries_|outbox_|inbox_waiting_|dead_letters|saga_unfinished|process_)/;
const isOfActivity = (name: string): boolean => OF_ACTIVITY.test(name);

const asOpenMetrics = sharedWhileUnderWay(() => expose(openMetricsContentType));
const asPlainText = sharedWhileUnderWay(() => expose(prometheusContentType));

async function expose(
  wanted: RegistryContentType,
  isShown: (name: string) => boolean = () => true,
): Promise<Exposition> {
  const registry: AnyRegistry = new Registry();
  registry.setContentType(wanted);
  for (const { name } of register.getMetricsAsArray()) {
    if (!isShown(name)) continue;
    const metric = register.getSingleMetric(name) as Metric;
    // Counters are renamed when they are written as OpenMetrics, so a copy of each is written.
    registry.registerMetric(Object.create(metric) as Metric);
  }
  return { contentType: wanted, text: await registry.metrics() };
}
