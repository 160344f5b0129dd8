import { startTestServices } from '../../test/test-services.js';
import { readOptions, writeReport } from '../report/index.js';
import { KINDS } from './kinds.js';
import { moveReport } from './move-report.js';
import { type MovedShop, moveUnderLoad } from './moved-shop.js';

/**
 * Moves contexts between processes of a shop that clients ask for orders, products and new sessions as fast as it answers.
 * Usage: npm run bench:move [-- --moves N] [--clients N] [--transports grpc,tcp,nats] [--only orders,all] [--no-report]
 */
const options = readOptions({ moves: 34, clients: 64, transports: 'grpc,tcp,nats', only: '' });
const { moves, clients } = options;
const chosen = options.only.split(',').filter((label) => label !== '');
const unknown = chosen.filter((label) => KINDS.every((kind) => kind.label !== label));
if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')}`);
const kinds = KINDS.filter(({ label }) => chosen.length === 0 || chosen.includes(label));

const services = await startTestServices();
Object.assign(process.env, services.env);
const shops: MovedShop[] = [];
try {
  for (const transport of options.transports.split(','))
    shops.push(await moveUnderLoad({ transport, moves, clients, kinds }));
} finally {
  await services.stop();
}
await writeReport(moveReport(shops), options.full);
const problems = shops.flatMap(({ transport, failures, differences }) =>
  [...failures, ...differences].map((problem) => `${transport}: ${problem}`),
);
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
