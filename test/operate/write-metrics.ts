import { writeFileSync } from 'node:fs';
import { register } from 'prom-client';

/** Preloaded into a process of the shop: at exit, writes the metrics that it had, with their labels. */
process.once('exit', () => {
  const metrics = register.getMetricsAsArray() as unknown as { name: string; labelNames: string[] }[];
  const labelsOf = metrics.map(({ name, labelNames }) => [name, [...labelNames].sort()]);
  writeFileSync(process.env['METRICS_FILE'] ?? '', JSON.stringify(Object.fromEntries(labelsOf)));
});
