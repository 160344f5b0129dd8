import {
  ANY_PROCESS,
  type Contract,
  Events,
  Operations,
  PersonalData,
  Processes,
  rulesOf,
} from '@fissile/kit/contract';
import { shop } from '#contracts';
import { renderTable } from './render-table.js';

export const CALLERS_PAGE = 'docs/callers.md';

const HEAD = `# Who may call what

This page is made from the contracts and from the contexts in \`contracts/\` by \`npm run reference:docs\`; a test fails while it says
something else, and another tries each process at each method.

A call to any other is refused where it arrives, in one process as between several: [who is who](guides/secure.md#who-calls). Where an admin
is needed, the admin's own token must travel with the call, and is verified in the context that is called.

\`Events.deliver\` and \`Events.deliverAll\` take an event of a context from a process that hosts it alone. \`Payments.refundOrder\` needs no admin: the sagas
of orders call it, for customers who cancel and for placements that fail, long after a token would have ended. Where a refund is an operator's, the
admin is needed at the route that begins it: \`POST /api/orders/{id}/return\` and \`POST /api/payments/{id}/refunds\`.`;

/** Every method of every contract, and who may call it. */
export function makeCallersPage(): string {
  const own = shop.contracts.flatMap(({ contract, context }) => rowsOf(contract, context));
  const common = [Operations, Events, PersonalData].flatMap((contract) => rowsOf(contract, 'every context'));
  const rows = [...own, ...common, ...rowsOf(Processes, 'every process')];
  return `${HEAD}\n\n${renderTable(['served by', 'method', 'callers', 'needs'], rows)}\n`;
}

function rowsOf(contract: Contract, servedBy: string): string[][] {
  return [...rulesOf(contract)].map(([method, { callers, needsAdmin }]) => [
    servedBy,
    `\`${contract.definition.name}.${method}\``,
    callers?.map((name) => (name === ANY_PROCESS ? 'every process' : name)).join(', ') ?? 'every component',
    needsAdmin ? 'an admin' : '',
  ]);
}
