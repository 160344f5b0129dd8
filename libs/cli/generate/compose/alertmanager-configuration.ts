import type { ComposeDescription, DeploymentDescription, GeneratedFile } from '../description.js';
import { yamlDocument, yamlFile } from '../yaml-text.js';

/** Where alerts go: an example, which shows them as mails in Mailpit where that is offered. */
export function alertmanagerConfiguration(
  { name }: DeploymentDescription,
  { services }: ComposeDescription,
): GeneratedFile {
  const mail = `
    email_configs:
      - to: operators@${name}.example
        from: alertmanager@${name}.example
        smarthost: mailpit:1025
        require_tls: false
        send_resolved: true`;
  const document = yamlDocument(`
# An example of a route. To reach your people, give Alertmanager a configuration of your own, by \`command\` and \`volumes\` in
# compose.override.yaml.
route:
  receiver: operators
  group_by: [alertname, process, context]
  group_wait: 30s
  group_interval: 5m
  # What is critical is repeated until somebody has seen to it.
  repeat_interval: 4h
  routes:
    # It always fires: send it to what reports when it stops.
    - receiver: watchdog
      matchers: ['alertname="Watchdog"']
      group_wait: 0s
      repeat_interval: 5m
    - receiver: operators
      matchers: ['severity="warning"']
      repeat_interval: 24h

inhibit_rules:
  # That a process is gone explains its warnings.
  - source_matchers: ['alertname=~"ProcessGone|TargetDown"']
    target_matchers: ['severity="warning"', 'process!=""']
    equal: [process]

receivers:
  - name: operators${services.includes('mailpit') ? mail : ''}
  - name: watchdog
`);
  return yamlFile('deploy/alertmanager/alertmanager.yml', document);
}
