import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { readCompose } from '../deploy/compose.js';
import { dashboards, overlaps, queriesOf } from './dashboards.js';
import { faultsOfQuery, knownSeries } from './queries.js';

const all = dashboards();
const series = knownSeries();

describe('The dashboards', () => {
  it('are there for the whole, the orders, the sagas and events, and the processes', () => {
    const names = all.map(({ file }) => file);
    const wanted = ['order-flow.json', 'overview.json', 'runtime.json', 'sagas-and-messaging.json'];
    assert.deepEqual(names, wanted);
    for (const { uid, file, description } of all) {
      assert.equal(uid, `fissile-${file.replace('.json', '')}`);
      assert.ok(description, file);
    }
  });

  for (const dashboard of all) {
    const { title, panels, templating } = dashboard;
    const graphs = panels.filter(({ type }) => type !== 'row');

    it(`${title}: asks for metrics and labels that the shop has`, () => {
      for (const { where, expr } of queriesOf(dashboard)) {
        assert.deepEqual(faultsOfQuery(expr, series), [], `${where}: ${expr}`);
      }
      for (const { name, definition } of templating.list) {
        if (definition === undefined) continue;
        const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
        assert.ok(series.get(metric)?.includes(label), `${name}: ${definition}`);
      }
    });

    it(`${title}: names its lines by labels that they have, and uses the variables that it has`, () => {
      const variables = templating.list.map(({ name }) => name);
      for (const { title: where, targets = [] } of graphs) {
        for (const { expr, legendFormat = '' } of targets) {
          for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
            assert.ok(isResultLabel(expr, label), `${where}: ${label}`);
          }
          const used = [...expr.matchAll(/\$(?!__)(\w+)/g)].map(([, name]) => name ?? '');
          assert.deepEqual(
            used.filter((name) => !variables.includes(name)),
            [],
            where,
          );
        }
      }
    });

    it(`${title}: has a title, a unit and a place of its own for each panel`, () => {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      for (const panel of graphs) {
        assert.ok(panel.title && panel.targets?.length, `panel ${panel.id}`);
        assert.ok(panel.fieldConfig?.defaults.unit, panel.title);
      }
      for (const [at, one] of panels.entries()) {
        assert.ok(one.gridPos.x + one.gridPos.w <= 24, one.title);
        const other = panels.slice(at + 1).find((panel) => overlaps(one, panel));
        assert.equal(other, undefined, `${one.title} lies over ${other?.title}`);
      }
    });

    it(`${title}: links to runbooks that are there`, () => {
      const pages = panels.flatMap(({ links = [] }) => links.map(({ url }) => url));
      assert.ok(pages.length > 0);
      for (const page of pages) assert.ok(existsSync(page.replace('/public/', 'docs/')), page);
    });
  }
});

/** After an aggregation only the labels that it keeps are left. */
function isResultLabel(expr: string, label: string): boolean {
  const kept = [...expr.matchAll(/ by \(([^)]*)\)/g)].map(([, labels = '']) => labels.split(/, */));
  if (kept.length > 0) return kept.some((labels) => labels.includes(label));
  return [...expr.matchAll(/\b\w+\b/g)].some(([name]) => series.get(name)?.includes(label));
}

interface DataSource {
  readonly uid: string;
  readonly url: string;
  readonly jsonData?: {
    readonly exemplarTraceIdDestinations?: readonly { readonly datasourceUid: string }[];
  };
}

describe('Grafana and Prometheus under Compose', () => {
  const { services } = readCompose(readFileSync('docker-compose.yml', 'utf8'));
  // What the shop adds to what is generated.
  const { services: added } = readCompose(readFileSync('compose.override.yaml', 'utf8'));
  const mountOf = (service: string, source: string) =>
    [services, added]
      .flatMap((each) => each[service]?.volumes ?? [])
      .find((volume) => volume.startsWith(`./${source}:`))
      ?.split(':')[1];

  it('have the files of the project where their settings look for them', () => {
    const { providers } = parse(
      readFileSync('deploy/grafana/provisioning/dashboards/fissile.yml', 'utf8'),
    ) as { providers: { options: { path: string } }[] };
    assert.equal(mountOf('grafana', 'deploy/grafana/dashboards'), providers[0]?.options.path);
    assert.equal(mountOf('grafana', 'deploy/grafana/provisioning'), '/etc/grafana/provisioning');
    assert.equal(mountOf('prometheus', 'deploy/prometheus'), '/etc/prometheus');
    // The targets of the links in dashboards and alerts.
    assert.equal(mountOf('grafana', 'docs/runbooks'), '/usr/share/grafana/public/runbooks');
    const home = added['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'];
    assert.ok(existsSync(String(home).replace('/etc/fissile/', 'deploy/grafana/')));
  });

  it('know each other, and every process of both topologies', () => {
    const { datasources } = parse(
      readFileSync('deploy/grafana/provisioning/datasources/fissile.yml', 'utf8'),
    ) as { datasources: DataSource[] };
    const uids = datasources.map(({ uid }) => uid);
    assert.ok(uids.includes('prometheus'), 'dashboards name it');
    for (const { url, jsonData } of datasources) {
      assert.ok(new URL(url).hostname in services, url);
      for (const { datasourceUid } of jsonData?.exemplarTraceIdDestinations ?? []) {
        assert.ok(uids.includes(datasourceUid), datasourceUid);
      }
    }
    const { scrape_configs: jobs } = parse(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[] }[];
    };
    const names = jobs.find(({ job_name: name }) => name === 'fissile')?.dns_sd_configs?.[0]?.names;
    const processes = Object.keys(services).filter((name) => services[name]?.build);
    assert.deepEqual([...(names ?? [])].sort(), processes.sort());
  });
});
