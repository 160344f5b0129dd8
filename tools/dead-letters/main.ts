import type { ShopClient } from '@fissile/client';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';
import { npmCommand, read, refuse } from '../command-line/command-line.js';

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

async function idsOf(admin: ShopClient, ids: readonly string[], all: boolean): Promise<string[]> {
  if (!all) return [...ids];
  const letters = await Array.fromAsync(admin.list(PATH));
  return letters.map(({ id }) => id).reverse();
}

async function replay(admin: ShopClient, ids: readonly string[], all = false): Promise<number> {
  const path = `${PATH}/{id}/replay` as const;
  return each(await idsOf(admin, ids, all), 'handled', (id) =>
    admin.post(path, { params: { path: { id } } }),
  );
}

function discard(admin: ShopClient, ids: readonly string[]): Promise<number> {
  const path = `${PATH}/{id}/discard` as const;
  return each(ids, 'discarded', (id) => admin.post(path, { params: { path: { id } } }));
}

/** What the command line asks for. */
let act: ((admin: ShopClient) => Promise<number>) | undefined;

const command = npmCommand('dead-letters', 'Events that could not be handled.');
command
  .command('list', { isDefault: true })
  .description('lists them, newest first')
  // What is no command is given to this one, which can say so better than that it takes no arguments.
  .allowExcessArguments()
  .action((_options, { args: [word] }: { args: string[] }) => {
    if (word !== undefined) refuse(command, `error: expected list, show, replay or discard, not ${word}`);
    act = list;
  });
command
  .command('show')
  .description('one of them, with what it says')
  .argument('<id>')
  .action((id: string) => void (act = (admin) => show(admin, id)));
const replaying = command
  .command('replay')
  .description('has them handled again, oldest first; those that fail again stay')
  .argument('[ids...]')
  .option('--all', 'all that there are')
  .action((ids: string[], { all }: { all?: boolean }) => {
    if (ids.length === 0 && !all) refuse(replaying, 'error: expected ids, or --all');
    act = (admin) => replay(admin, ids, all);
  });
command
  .command('discard')
  .description('drops them for good')
  .argument('<ids...>')
  .action((ids: string[]) => void (act = (admin) => discard(admin, ids)));
read(command);

await runTool(async () => {
  const { admin } = await connect();
  return act?.(admin) ?? 0;
});
