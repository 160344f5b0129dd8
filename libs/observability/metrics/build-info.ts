import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { readFileSync } from 'node:fs';
import type { Gauge } from 'prom-client';

/** Who a process is among those of its topology. */
export interface ProcessIdentity {
  readonly topology: string;
  readonly self: { readonly name: string };
}

/** Always 1: what runs here is in its labels. */
export function buildInfoProvider({ topology, self }: ProcessIdentity) {
  const version = readVersion();
  return makeGaugeProvider({
    name: 'fissile_build_info',
    help: 'Always 1; the labels are the version, the topology and the name of the process',
    labelNames: ['version', 'topology', 'name'],
    collect(this: Gauge) {
      this.set({ version, topology, name: self.name }, 1);
    },
  });
}

/** package.json stands beside dist/, in the image too. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
