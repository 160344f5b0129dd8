import type { ComposeDescription, DeploymentDescription, GeneratedFile } from '../description.js';
import { alertmanagerConfiguration } from './alertmanager-configuration.js';
import { brokerAccounts } from './broker-accounts.js';
import { collectorConfiguration } from './collector-configuration.js';
import { databaseScript } from './database-script.js';
import { grafanaDashboards, grafanaSources } from './grafana-configuration.js';
import { natsAccounts, natsConfiguration } from './nats-configuration.js';
import { rabbitmqAccounts, rabbitmqConfiguration } from './rabbitmq-configuration.js';
import { redisAccounts, redisStart } from './redis-configuration.js';
import { makeEnvScript } from './process-keys.js';
import { prometheusConfiguration } from './prometheus-configuration.js';

/** The configuration of PostgreSQL and of the services that Compose offers. */
export function supportFiles(
  description: DeploymentDescription,
  compose: ComposeDescription,
): GeneratedFile[] {
  const accounts = brokerAccounts(description).length > 0;
  const files: (GeneratedFile | false)[] = [
    databaseScript(description),
    makeEnvScript(description),
    ...(accounts && compose.services.includes('nats')
      ? [natsConfiguration(), ...natsAccounts(description)]
      : []),
    ...(accounts && compose.services.includes('rabbitmq')
      ? [...rabbitmqConfiguration(), ...rabbitmqAccounts(description)]
      : []),
    ...(accounts && compose.services.includes('redis') ? [redisStart(), ...redisAccounts(description)] : []),
    compose.services.includes('otel-collector') && collectorConfiguration(),
    compose.services.includes('prometheus') && prometheusConfiguration(description, compose),
    compose.services.includes('alertmanager') && alertmanagerConfiguration(description, compose),
    compose.services.includes('grafana') && grafanaDashboards(description),
    compose.services.includes('grafana') && grafanaSources(description, compose),
  ];
  return files.filter((file) => file !== false);
}
