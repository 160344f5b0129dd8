import { Pool } from 'undici';
import { runClients } from '../clients.js';
import { type Round, roundOf } from '../figures.js';
import { readOptions, writeReport } from '../report/index.js';
import { briefOf, type Result, tablesOf } from '../rounds-table.js';
import { inTurns } from '../turns.js';
import { watchUsage } from '../usage.js';
import { type ProxyContestant, startBeside, startGateway } from './competitors.js';
import { startNginx } from './nginx.js';

/**
 * Requests bodies from one upstream through the Fissile gateway and through other proxies, in turns.
 * Usage: npm run bench:proxy [-- --rounds N] [--seconds N] [--concurrency 16,64] [--bytes 1024,1048576] [--no-report]
 */
const options = readOptions({ rounds: 3, seconds: 4, concurrency: [16, 64], bytes: [1_024, 1_048_576] });
const BASE = '@fastify/http-proxy';
const COUNTED = { answer: 'request', base: BASE };
const INTRO = `What it costs to have a request pass a proxy: our gateway, which authenticates, limits, stands behind a breaker
and chooses among instances, against proxies that do nothing but pass on. One upstream answers all of them, with so many
bytes; every proxy has one thread that works.

CPU and memory are of the proxy alone.`;

const upstream = await startBeside('direct', 'upstream');
const gateway = await startGateway(upstream.url);
const httpProxy = await startBeside(BASE, 'http-proxy', upstream.url);
const nginx = await startNginx(upstream.url);
if (typeof nginx === 'string') console.warn(`WITHOUT nginx: ${nginx}`);
const proxies = [gateway, httpProxy, ...(typeof nginx === 'string' ? [] : [nginx])];
const competitors: readonly ProxyContestant[] = [...proxies, { ...upstream, pids: () => [] }];
try {
  const results = new Map<string, readonly Result[]>();
  for (const bytes of options.bytes) {
    for (const concurrency of options.concurrency) {
      results.set(`${bytes} bytes, ${concurrency} clients`, await compare(bytes, concurrency));
    }
  }
  const tables = [...results].flatMap(([load, each]) => tablesOf(load, each, COUNTED));
  await writeReport(
    {
      slug: 'proxy',
      title: 'Passing requests on',
      command: 'npm run bench:proxy',
      tables,
      brief: briefOf(results, COUNTED),
      intro: typeof nginx === 'string' ? `${INTRO}\n\nWithout nginx: ${nginx}.` : INTRO,
    },
    options.full,
  );
} finally {
  await Promise.all([...proxies, upstream].map((each) => each.stop()));
}

async function compare(bytes: number, concurrency: number): Promise<readonly Result[]> {
  for (const competitor of competitors) await run(competitor, bytes, concurrency);
  const rounds = await inTurns(competitors, options.rounds, (each) => run(each, bytes, concurrency));
  return [...rounds].map(([{ name }, each]) => ({ name, rounds: each }));
}

async function run({ name, url, pids }: ProxyContestant, bytes: number, concurrency: number): Promise<Round> {
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
  const request = {
    method: 'GET' as const,
    path: `/api/inventory/${bytes}`,
    headers: { authorization: `Bearer ${gateway.token}` },
  };
  const usage = watchUsage(pids());
  const served = await runClients({ concurrency, seconds: options.seconds }, async () => {
    const { statusCode, body } = await pool.request(request);
    const { byteLength } = await body.bytes();
    if (statusCode !== 200 || byteLength !== bytes) {
      throw new Error(`${name} answered with ${statusCode} and ${byteLength} bytes`);
    }
  });
  const used = usage();
  await pool.close();
  return roundOf(served, used);
}
