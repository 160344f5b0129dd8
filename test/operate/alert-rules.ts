import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RulesFile {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
}

interface TestsFile {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly object[];
    }[];
  }[];
}

export const RULE_FILES = globSync('deploy/prometheus/rules/*.yml').sort();
export const TEST_FILES = globSync('deploy/prometheus/tests/*.test.yml').sort();

export function alertRules(): AlertRule[] {
  return RULE_FILES.flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as RulesFile;
    return groups.flatMap(({ rules }) => rules);
  });
}

/** The alerts that some test expects to fire, and those that some test expects not to fire. */
export function testedAlerts(): { firing: Set<string>; quiet: Set<string> } {
  const checks = TEST_FILES.flatMap((file) => {
    const { tests } = parse(readFileSync(file, 'utf8')) as TestsFile;
    return tests.flatMap((test) => test.alert_rule_test);
  });
  const names = (fires: boolean) =>
    new Set(
      checks.filter((check) => check.exp_alerts.length > 0 === fires).map(({ alertname }) => alertname),
    );
  return { firing: names(true), quiet: names(false) };
}

/** The metrics that the pages of docs/runbooks refer to. */
export function runbookQueries(): { where: string; expr: string }[] {
  return globSync('docs/runbooks/*.md')
    .sort()
    .flatMap((page) => {
      const [, queries = ''] = /```promql\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
      const lines = queries.split('\n').filter((line) => line !== '');
      return lines.map((expr) => ({ where: basename(page), expr }));
    });
}

/** The name of an alert's page in docs/runbooks: OutboxLag has outbox-lag.md. */
export function runbookOf(alert: string): string {
  return `${alert.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}
