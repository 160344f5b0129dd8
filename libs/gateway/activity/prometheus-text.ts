/** One sample line of a Prometheus exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Parses the Prometheus text format, as far as these metrics need it; this project's labels need no unescaping. */
export function readSamples(text: string, wanted: ReadonlySet<string>): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || !wanted.has(name)) continue;
    const pairs = [...labels.matchAll(LABEL)].map(([, label, content]) => [label, content]);
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) });
  }
  return samples;
}

export interface Selection {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly where?: (labels: Readonly<Record<string, string>>) => boolean;
}

/** The sum of all samples of a metric; undefined when there are none. */
export function sumOf(
  samples: readonly Sample[],
  { name, labels = {}, where }: Selection,
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value) &&
      (where?.(sample.labels) ?? true),
  );
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
