import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder in which a shop finds a benchmark's own topologies. */
export class OwnTopology {
  readonly folder = mkdtempSync(join(tmpdir(), 'fissile-bench-'));

  /** @param yaml the content of config/topology.yaml */
  constructor(yaml: string) {
    mkdirSync(join(this.folder, 'config'));
    writeFileSync(join(this.folder, 'config', 'topology.yaml'), yaml);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
