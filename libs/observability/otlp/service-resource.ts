import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OtlpSettings } from './otlp.settings.js';

/** Who a process is, for those who read its traces, logs and metrics. */
export type ResourceAttributes = Readonly<Record<string, string | number>>;

/** The same for each signal, by the names of OpenTelemetry's conventions. */
export function resourceAttributes(settings: OtlpSettings, processName: string): ResourceAttributes {
  const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES } = settings;
  const version = productVersion();
  return {
    'service.name': `fissile-${processName}`,
    'service.namespace': 'fissile',
    'service.instance.id': randomUUID(),
    ...(version !== undefined && { 'service.version': version }),
    'process.pid': process.pid,
    'fissile.process': processName,
    ...OTEL_RESOURCE_ATTRIBUTES,
    ...(OTEL_SERVICE_NAME !== undefined && { 'service.name': OTEL_SERVICE_NAME }),
  };
}

/** What each log line says of its process. */
export function lineIdentity(attributes: ResourceAttributes): Readonly<Record<string, unknown>> {
  return {
    pid: process.pid,
    service: attributes['service.name'],
    version: attributes['service.version'],
    env: attributes['deployment.environment.name'],
  };
}

/** By the package.json of the folder that a product is started in, which its config/ is read from too. */
function productVersion(): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
