import { readFileSync } from 'node:fs';

/** Which process's clock is off, by the contexts that it hosts, and by how much. */
export interface Skew {
  readonly hosts: string;
  readonly offMs: number;
}

/*
 * Loaded into every process of a shop by NODE_OPTIONS: the clock of the one that the file SKEWED_CLOCK_FILE names is
 * off for as long as it does.
 */
const file = process.env['SKEWED_CLOCK_FILE'];
const RealDate = Date;
let offMs = 0;

function readSkew(): void {
  try {
    const skew = JSON.parse(readFileSync(file ?? '', 'utf8')) as Skew;
    offMs = skew.hosts === process.env['HOSTS'] ? skew.offMs : 0;
  } catch {
    offMs = 0;
  }
}

function now(): number {
  return RealDate.now() + offMs;
}

if (file !== undefined) {
  setInterval(readSkew, 100).unref();
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, words: unknown[], newTarget) =>
      Reflect.construct(target, words.length > 0 ? words : [now()], newTarget) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
