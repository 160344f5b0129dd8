import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@fissile/kit/testing';
import { Api } from '../../harness/api.js';
import type { Fault, Scene, Stage } from '../fault.js';
import type { Skew } from '../skewed-clock.js';

const PRELOAD = new URL('../skewed-clock.js', import.meta.url).href;
/** Those that are called when a newcomer signs in and orders, so that the difference is noticed. */
const CALLED = ['users', 'orders', 'inventory', 'payments'];

/**
 * A difference that processes tolerate: nobody sees it. It is longer than a token lives. Who is called and ahead takes each
 * token for an old one; who calls and is behind sends old ones, though not before those that it has kept are renewed.
 */
export const clockOff = (): Fault =>
  clockFault('a clock four minutes off', 10, async (scene, tryNumber, skewed) => {
    const called = processOf(CALLED, scene, tryNumber);
    for (const [hosts, offMs] of [
      [called, 240_000],
      [called, -240_000],
      ['gateway', eitherWay(scene, 240_000)],
    ] as const)
      await skewed({ hosts, offMs }, () => nobodySeesIt(scene));
  });

/** A difference beyond what is tolerated: health names the clocks, and customers are asked to try again. */
export const clockFarOff = (): Fault =>
  clockFault('a clock ten minutes off', 6, async (scene, tryNumber, skewed) => {
    const hosts = processOf(['gateway', ...CALLED], scene, tryNumber);
    await skewed({ hosts, offMs: eitherWay(scene, 600_000) }, async () => {
      const api = new Api(scene.shop);
      await until('health names the clocks', () => healthNamesClocks(api), 30_000);
      const wrong = (await statusesOf(scene.crowd)).filter((status) => status === 403 || status === 500);
      if (wrong.length > 0) throw new Error(`orders were answered with ${wrong}`);
    });
  });

/** Runs the work while the clock of a process is off. */
type Skewed = (skew: Skew, work: () => Promise<void>) => Promise<void>;

function clockFault(
  name: string,
  long: number,
  inflict: (scene: Scene, tryNumber: number, skewed: Skewed) => Promise<void>,
): Fault {
  let file: string;
  return {
    name,
    heldBy: 'libs/rpc/internal-tokens.spec.ts',
    topologies: ['split'],
    tries: { short: 1, long },
    prepare: async (): Promise<Stage> => {
      const folder = mkdtempSync(join(tmpdir(), 'fissile-faults-'));
      file = join(folder, 'skew.json');
      return {
        options: { env: { NODE_OPTIONS: `--import ${PRELOAD}`, SKEWED_CLOCK_FILE: file } },
        close: async () => rmSync(folder, { recursive: true, force: true }),
      };
    },
    inflict: async (scene, tryNumber) => {
      await inflict(scene, tryNumber, async (skew, work) => {
        writeFileSync(file, JSON.stringify(skew));
        try {
          await work();
        } catch (error) {
          const { message } = error as Error;
          throw new Error(`${skew.hosts}, ${skew.offMs} ms off: ${message}`, { cause: error });
        } finally {
          rmSync(file);
        }
      });
      scene.recovery.begin();
    },
  };
}

/** A call that fails is tried again, so that only health may tell of it. */
async function nobodySeesIt({ shop, crowd }: Scene): Promise<void> {
  await crowd.goesOn(10);
  const failed = (await statusesOf(crowd)).filter((status) => status === undefined || status >= 300);
  if (failed.length > 0) throw new Error(`orders were answered with ${failed}`);
  if (await healthNamesClocks(new Api(shop))) throw new Error('health names the clocks');
}

async function healthNamesClocks(api: Api): Promise<boolean> {
  return (await api.get('/health')).body.clocks === 'down';
}

function processOf(processes: readonly string[], { random }: Scene, tryNumber: number): string {
  return processes[(tryNumber + random.between(0, 3)) % processes.length] ?? 'orders';
}

function eitherWay({ random }: Scene, offMs: number): number {
  return random.chance(0.5) ? offMs : -offMs;
}

/** Of orders, the first of which is that of a newcomer who has just signed in. */
async function statusesOf(crowd: Scene['crowd']): Promise<(number | undefined)[]> {
  const answers = await Promise.all([crowd.join(), ...Array.from({ length: 7 }, () => crowd.place())]);
  return answers.map((answer) => answer?.status);
}
