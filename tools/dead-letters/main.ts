import type { ShopClient } from '@fissile/client';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';
import { ToolError } from '../client/tool-error.js';

const USAGE = `Usage: npm run dead-letters [-- list | show <id> | replay <id…> | replay --all | discard <id…>]
  list      the events that could not be handled, newest first (also without anything)
  show      one of them, with what it says
  replay    have them handled again, oldest first; those that fail again stay
  discard   drop them for good`;

const PATH = '/api/admin/dead-letters' as const;

async function list(admin: ShopClient): Promise<number> {
  const letters = await Array.fromAsync(admin.list(PATH));
  if (letters.length === 0) console.log('There are no dead letters.');
  for (const { id, context, type, createdAt, reason } of letters) {
    console.log(`${id}  ${createdAt}  ${context}  ${type}\n    ${reason}`);
  }
  return 0;
}

async function show(admin: ShopClient, id: string): Promise<number> {
  console.log(
    JSON.stringify(await admin.get(`${PATH}/{id}` as const, { params: { path: { id } } }), null, 2),
  );
  return 0;
}

/** Returns 1 when any of them failed. */
async function each(
  ids: readonly string[],
  what: string,
  act: (id: string) => Promise<unknown>,
): Promise<number> {
  let failed = 0;
  for (const id of ids) {
    try {
      await act(id);
      console.log(`${id}  ${what}`);
    } catch (error) {
      failed += 1;
      console.error(`${id}  not ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed > 0 ? 1 : 0;
}

async function idsOf(admin: ShopClient, words: readonly string[]): Promise<string[]> {
  if (words[0] !== '--all') return [...words];
  const letters = await Array.fromAsync(admin.list(PATH));
  return letters.map(({ id }) => id).reverse();
}

await runTool(async () => {
  const [command = 'list', ...words] = process.argv.slice(2);
  const isKnown = command === 'list' || (['show', 'replay', 'discard'].includes(command) && words.length > 0);
  if (!isKnown || (command === 'discard' && words[0] === '--all')) throw new ToolError(USAGE);
  const { admin } = await connect();
  if (command === 'list') return list(admin);
  if (command === 'show') return show(admin, words[0] ?? '');
  const ids = await idsOf(admin, words);
  const replays = command === 'replay';
  const path = replays ? (`${PATH}/{id}/replay` as const) : (`${PATH}/{id}/discard` as const);
  const act = (id: string) => admin.post(path, { params: { path: { id } } });
  return each(ids, replays ? 'handled' : 'discarded', act);
});
