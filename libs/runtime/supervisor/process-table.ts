import { GATEWAY, type Product } from '@fissile/kit/contract';
import { announcePages } from '../announced-pages.js';
import type { Worker } from './worker.js';

/** What runs where, for the person at the terminal. */
export function describeProcesses(
  product: Product,
  topology: string,
  transport: string,
  workers: readonly Worker[],
): string {
  const rows = workers.map(({ process: { shownAs, hosts, address, httpPort, rpcPort }, pid }) => {
    return [
      shownAs,
      hosts.join(', '),
      String(pid),
      `http://${address}:${httpPort}`,
      usesPorts(transport) ? `${address}:${rpcPort}` : '',
    ];
  });
  const header = ['process', 'hosts', 'pid', 'http', usesPorts(transport) ? transport : ''];
  const url = urlOfEdge(workers);
  return [
    '',
    `  ${product.name} is listening on ${url}`,
    `    topology   ${topology}, calls over ${transport}`,
    ...announcePages(product, url),
    `    health     ${url}/health`,
    '',
    ...toLines([header, ...rows]).map((line) => `    ${line}`),
    '',
  ].join('\n');
}

/** Of the gateway. */
export function urlOfEdge(workers: readonly Worker[]): string {
  const edge = workers.find(({ process: { hosts } }) => hosts.includes(GATEWAY))?.process;
  return `http://${edge?.address}:${edge?.httpPort}`;
}

function usesPorts(transport: string): boolean {
  return transport === 'grpc' || transport === 'tcp';
}

function toLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
