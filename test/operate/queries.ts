import { parser } from '@prometheus-io/lezer-promql';
import { type DescribedMetric, describedMetrics } from './metrics-page.js';

/** The metrics that Prometheus itself adds. */
const MADE_BY_PROMETHEUS: readonly DescribedMetric[] = [
  { name: 'up', type: 'gauge', labels: [] },
  { name: 'ALERTS', type: 'gauge', labels: ['alertname', 'alertstate', 'severity'] },
];

/** Metrics of kube-state-metrics and of the exporter of PostgreSQL that alerts look at. */
const MADE_BY_EXPORTERS: readonly DescribedMetric[] = [
  { name: 'kube_job_failed', type: 'gauge', labels: ['namespace', 'job_name', 'condition'] },
  ...['status_current_replicas', 'spec_max_replicas'].map((name) => ({
    name: `kube_horizontalpodautoscaler_${name}`,
    type: 'gauge' as const,
    labels: ['namespace', 'horizontalpodautoscaler'],
  })),
  { name: 'pg_up', type: 'gauge', labels: [] },
  { name: 'pg_stat_activity_count', type: 'gauge', labels: ['datname', 'state'] },
  { name: 'pg_settings_max_connections', type: 'gauge', labels: [] },
];

/** The labels that deploy/prometheus/prometheus.yml adds to every series. */
const LABELS_OF_TARGETS = ['job', 'instance', 'process'];

/** The label names of every series that the shop and Prometheus have. */
export function knownSeries(): ReadonlyMap<string, readonly string[]> {
  const series = new Map<string, readonly string[]>();
  for (const { name, type, labels } of [...describedMetrics(), ...MADE_BY_PROMETHEUS, ...MADE_BY_EXPORTERS]) {
    const all = [...labels, ...LABELS_OF_TARGETS];
    if (type !== 'histogram') {
      series.set(name, all);
      continue;
    }
    series.set(`${name}_bucket`, [...all, 'le']);
    for (const part of ['sum', 'count']) series.set(`${name}_${part}`, all);
  }
  return series;
}

interface Selector {
  readonly metric: string;
  readonly labels: string[];
}

interface Query {
  readonly faults: string[];
  readonly selectors: Selector[];
  /** Labels that results are grouped or matched by. */
  readonly groupings: string[];
}

function readQuery(text: string): Query {
  const query: Query = { faults: [], selectors: [], groupings: [] };
  parser.parse(text).iterate({
    enter({ name, from, to, type, node }) {
      const source = text.slice(from, to);
      if (type.isError) query.faults.push(`it cannot be parsed at ${from}`);
      if (name === 'VectorSelector') {
        query.selectors.push({ metric: /^\w*/.exec(source)?.[0] ?? '', labels: [] });
      }
      if (name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') query.groupings.push(source);
      else query.selectors.at(-1)?.labels.push(source);
    },
  });
  return query;
}

/** Unknown names and errors in a query. */
export function faultsOfQuery(text: string, series = knownSeries()): string[] {
  const { faults, selectors, groupings } = readQuery(text);
  if (selectors.length === 0) faults.push('it asks for no metric');
  const known = selectors.flatMap(({ metric }) => series.get(metric) ?? []);
  for (const { metric, labels } of selectors) {
    const there = series.get(metric);
    if (!there) faults.push(`there is no ${metric}`);
    else
      faults.push(
        ...labels.filter((label) => !there.includes(label)).map((label) => `${metric} has no ${label}`),
      );
  }
  faults.push(
    ...groupings.filter((label) => !known.includes(label)).map((label) => `nothing in it has ${label}`),
  );
  return faults;
}
