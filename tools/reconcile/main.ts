import { npmCommand, read } from '../command-line/command-line.js';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';
import { reconcile, summarise } from './reconcile.js';

read(
  npmCommand(
    'reconcile',
    'Compares orders, payments and stock of the running shop; exits with 1 and names each difference.',
  ),
);

await runTool(async () => {
  const { admin } = await connect();
  const { books, differences } = await reconcile(admin);
  console.log(summarise(books));
  if (differences.length === 0) {
    console.log('  The books agree.');
    return 0;
  }
  console.error(
    `  The books do not agree:\n${differences.map((difference) => `  - ${difference}`).join('\n')}`,
  );
  return 1;
});
