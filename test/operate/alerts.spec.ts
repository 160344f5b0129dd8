import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  alertRules,
  RULE_FILES,
  runbookOf,
  runbookQueries,
  TEST_FILES,
  testedAlerts,
} from './alert-rules.js';
import { type Prometheus, providePrometheus, runPromtool } from './promtool.js';
import { faultsOfQuery } from './queries.js';

const rules = alertRules();
const alerts = rules.map(({ alert }) => alert);

/** It looks at nothing, and is never quiet. */
const ALWAYS = 'Watchdog';
const changing = alerts.filter((alert) => alert !== ALWAYS);

describe('The alerts', () => {
  it('query metrics and labels that the shop has', () => {
    for (const { alert, expr } of rules.filter((rule) => rule.alert !== ALWAYS)) {
      assert.deepEqual(faultsOfQuery(expr), [], alert);
    }
  });

  it('are reported for an unknown metric or label, and for a query that cannot be parsed', () => {
    assert.deepEqual(faultsOfQuery('rate(http_request_total[5m])'), ['there is no http_request_total']);
    assert.deepEqual(faultsOfQuery('http_requests_total{route="/"}'), ['http_requests_total has no route']);
    assert.deepEqual(faultsOfQuery('sum by (saga) (rate(orders_total[5m]))'), ['nothing in it has saga']);
    assert.notDeepEqual(faultsOfQuery('sum(rate(orders_total[5m])'), []);
    assert.deepEqual(faultsOfQuery('orders_total{le="1"}'), ['orders_total has no le']);
  });

  it('each have a severity, a summary, a description and a page that says what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      assert.match(labels['severity'] ?? '', alert === ALWAYS ? /^none$/ : /^(critical|warning)$/, alert);
      assert.ok(annotations['summary'] && annotations['description'], alert);
      assert.equal(annotations['runbook_url'], `{{ $externalLabels.runbooks }}/${runbookOf(alert)}`);
    }
  });

  it('each are tested to fire and to be quiet', () => {
    const { firing, quiet } = testedAlerts();
    assert.deepEqual([...firing].sort(), [...alerts].sort());
    assert.deepEqual([...quiet].sort(), [...changing].sort());
  });
});

describe('The runbooks', () => {
  const pages = readdirSync('docs/runbooks').filter((page) => page !== 'README.md');
  const textOf = (page: string) => readFileSync(`docs/runbooks/${page}`, 'utf8');

  /** Those of procedures that no alert starts: the second table has them. */
  const procedures = [...textOf('README.md').matchAll(/^\| \[[^\]]+\]\((\S+)\) +\| \w+ \S.*\|$/gm)].map(
    ([, page = '']) => page,
  );

  it('are there for each alert and each procedure of the list, and for nothing else', () => {
    assert.deepEqual([...pages].sort(), [...alerts.map(runbookOf), ...procedures].sort());
    for (const alert of alerts) assert.ok(textOf(runbookOf(alert)).startsWith(`# ${alert}\n`), alert);
  });

  it('are all in the list, with the severity that the alert has', () => {
    const rows = [...textOf('README.md').matchAll(/^\| \[(\w+)\]\((\S+)\) +\| (\w+) +\|$/gm)];
    const listed = rows.map(([, ...row]) => row.join(' ')).sort();
    assert.deepEqual(
      listed,
      rules.map(({ alert, labels }) => `${alert} ${runbookOf(alert)} ${labels['severity']}`).sort(),
    );
  });

  it('look at metrics that the shop has', () => {
    const queries = runbookQueries();
    const ofAlerts = pages.filter((page) => !procedures.includes(page));
    assert.deepEqual([...new Set(queries.map(({ where }) => where))].sort(), ofAlerts.sort());
    for (const { where, expr } of queries) assert.deepEqual(faultsOfQuery(expr), [], `${where}: ${expr}`);
  });

  it('name scripts and pages that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    for (const page of readdirSync('docs/runbooks')) {
      for (const [, script = ''] of textOf(page).matchAll(/npm run ([\w:-]+)/g)) {
        assert.ok(script in scripts, `${page}: npm run ${script}`);
      }
      for (const [, path = ''] of textOf(page).matchAll(/\]\(([^):]+)\)/g)) {
        assert.ok(existsSync(join('docs/runbooks', path.split('#')[0] ?? '')), `${page}: ${path}`);
      }
    }
  });
});

const prometheus = await providePrometheus();
// In CI, a check that could not run has failed.
const skip =
  prometheus || process.env['CI'] === 'true' ? false : 'promtool is missing: NO alert was evaluated';

describe('promtool', { skip }, () => {
  before(() => assert.ok(prometheus, 'promtool is missing, and could not be fetched'));

  const promtool = (...parameters: string[]) => runPromtool(prometheus as Prometheus, ...parameters);

  it('accepts the configuration of Prometheus and the rules', async () => {
    const checked = await promtool('check', 'config', 'deploy/prometheus/prometheus.yml');
    assert.ok(checked.ok, checked.output);
    for (const file of RULE_FILES) assert.match(checked.output, new RegExp(`${basename(file)}\\n +SUCCESS`));
  });

  it('sees every alert fire when it should, and only then', async () => {
    const tested = await promtool('test', 'rules', ...TEST_FILES);
    assert.ok(tested.ok, tested.output);
  });

  it('reports every alert that never fires, and every one that always does', async () => {
    for (const planted of ['vector(0) > 1', 'vector(1)']) {
      const { ok, output } = await testWithRules((text) =>
        text.replace(/^( +expr: )(?:\|\n(?: {10,}.*\n)+|.*\n)/gm, `$1${planted}\n`),
      );
      assert.ok(!ok);
      const reported = new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, alert]) => alert));
      const wrong = planted === 'vector(1)' ? changing : alerts;
      assert.deepEqual([...reported].sort(), [...wrong].sort(), planted);
    }
  });

  /** Runs the tests on rules with a change. */
  async function testWithRules(change: (text: string) => string): Promise<{ ok: boolean; output: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-rules-'));
    try {
      cpSync('deploy/prometheus', folder, { recursive: true });
      for (const file of RULE_FILES) {
        const copy = join(folder, 'rules', basename(file));
        writeFileSync(copy, change(readFileSync(copy, 'utf8')));
      }
      const tests = TEST_FILES.map((file) => join(folder, 'tests', basename(file)));
      return await promtool('test', 'rules', ...tests);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
