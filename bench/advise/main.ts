import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer } from '@fissile/kit/testing';
import { FissileCompetitor } from '../fissile.js';
import { OwnTopology } from '../own-topology.js';
import { postgresVersion, readOptions, writeReport } from '../report/index.js';
import { adviseReport, type Comparison } from './advise-report.js';
import { MeasuredShop } from './measured-placement.js';
import { allPlacements, topologyFile } from './placements.js';
import { type Advised, runAdvise } from './run-advise.js';

/**
 * Has `fissile advise` predict, from one process, what each placement of five contexts beside or apart from orders costs at two
 * loads, and then measures each of them. Usage: npm run bench:advise [-- --seconds N] [--warmup N] [--rates 25,150]
 * [--only users,users-payments] [--no-report]
 */
const options = readOptions({ seconds: 20, warmup: 2_000, rates: [25, 150], only: '' });
/** The load goes on for so long at a time, until the command has measured it. */
const LOAD_SECONDS = 5;
/** The gateway knows the median of what it answered in that time. */
const MEDIAN_OF_SECONDS = 20;

const chosen = options.only.split(',').filter((name) => name !== '');
const placements = allPlacements().filter(
  ({ name }) => chosen.length === 0 || name === 'monolith' || chosen.includes(name),
);
const topologies = new OwnTopology(topologyFile(allPlacements()));
const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const competitor = await FissileCompetitor.start(
  'fissile',
  { TOPOLOGY: 'monolith' },
  { cwd: topologies.folder },
);
try {
  const token = await competitor.adminToken();
  const shop = new MeasuredShop(competitor, token);
  // What stays in the process has worked for longer than what leaves it.
  await shop.warmUp(3 * options.warmup);
  const advised = new Map<number, Advised>();
  for (const rate of options.rates) advised.set(rate, await adviseAt(shop, token, rate));
  const comparisons = new Map(options.rates.map((rate) => [rate, [] as Comparison[]]));
  for (const placement of placements) {
    await shop.moveTo(placement);
    await shop.warmUp(options.warmup);
    for (const [rate, rows] of comparisons) {
      // The median of the gateway must be of this load alone.
      await pause(Math.max(0, MEDIAN_OF_SECONDS - options.seconds) * 1_000);
      const observed = await shop.observe({ rate, seconds: options.seconds });
      const predicted = advised.get(rate)?.predictions.find(({ label }) => isOf(label, placement.name));
      if (!predicted) throw new Error(`nothing was predicted for ${placement.name}`);
      rows.push({ placement, predicted, observed });
      console.log(
        `${placement.name} at ${rate}/s: CPU ${predicted.cpuMicros.toFixed(0)} predicted, ${observed.cpuMicros.toFixed(0)} measured; ` +
          `p50 ${predicted.medianMs?.toFixed(1)}, ${observed.medianMs.toFixed(1)}; ` +
          `MiB ${(predicted.residentBytes / 2 ** 20).toFixed(0)}, ${observed.memory.toFixed(0)}`,
      );
    }
  }
  await writeReport(adviseReport(comparisons, advised, await postgresVersion(database.url)), options.full);
} finally {
  await competitor.stop();
  await database.stop();
  topologies.remove();
}

/** The command runs while orders come, as an operator would have it. */
async function adviseAt(shop: MeasuredShop, token: string, rate: number): Promise<Advised> {
  let isMeasured = false;
  const onMeasured = (): void => void (isMeasured = true);
  const load = (async () => {
    while (!isMeasured) await shop.placeOrders({ rate }, LOAD_SECONDS);
  })();
  const file = join(topologies.folder, 'config/topology.yaml');
  const run = { url: competitor.url, token, seconds: options.seconds, file, onMeasured };
  const advised = await runAdvise(run).finally(onMeasured);
  await load;
  await shop.isSettled();
  console.log(
    JSON.stringify({ rate, measured: advised.measured, costs: advised.costs, advice: advised.advice }),
  );
  return advised;
}

/** The placement of now has the label of that. */
function isOf(label: string, name: string): boolean {
  return label === name || (name === 'monolith' && label === 'as now');
}
