import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@fissile/kit/testing';
import { Api } from '../../harness/api.js';
import type { Fault, Scene, Stage } from '../fault.js';
import type { Skew } from '../skewed-clock.js';

const PRELOAD = new URL('../skewed-clock.js', import.meta.url).href;
/** Those that a placed order goes through, so that the difference is noticed. */
const PROCESSES = ['gateway', 'orders', 'inventory', 'payments'];

/** A difference that processes tolerate: nobody sees it. */
export const clockOff = (): Fault =>
  clockFault('a clock 45 seconds off', 45_000, 10, async ({ crowd }) => {
    await crowd.goesOn(10);
    const statuses = await statusesOf(crowd);
    const failed = statuses.filter((status) => status === undefined || status >= 300);
    if (failed.length > 0) throw new Error(`with a clock 45 seconds off orders were answered with ${failed}`);
  });

/** A difference beyond what is tolerated: health names the clocks, and customers are asked to try again. */
export const clockFarOff = (): Fault =>
  clockFault('a clock ten minutes off', 600_000, 6, async ({ shop, crowd }) => {
    const api = new Api(shop);
    await until(
      'health names the clocks',
      async () => (await api.get('/health')).body.clocks === 'down',
      30_000,
    );
    const wrong = (await statusesOf(crowd)).filter((status) => status === 403 || status === 500);
    if (wrong.length > 0) throw new Error(`with a clock ten minutes off orders were answered with ${wrong}`);
  });

function clockFault(
  name: string,
  offMs: number,
  long: number,
  meanwhile: (scene: Scene) => Promise<void>,
): Fault {
  let file: string;
  return {
    name,
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
      const hosts = PROCESSES[(tryNumber + scene.random.between(0, 3)) % PROCESSES.length] ?? 'orders';
      const skew: Skew = { hosts, offMs: scene.random.chance(0.5) ? offMs : -offMs };
      writeFileSync(file, JSON.stringify(skew));
      try {
        await meanwhile(scene);
      } catch (error) {
        throw new Error(`${hosts}, ${skew.offMs} ms: ${(error as Error).message}`, { cause: error });
      } finally {
        rmSync(file);
      }
      scene.recovery.begin();
    },
  };
}

async function statusesOf(crowd: Scene['crowd']): Promise<(number | undefined)[]> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => crowd.place()));
  return answers.map((answer) => answer?.status);
}
