import { Command } from 'commander';
import { carryOut } from '../new/carry-out.js';
import { planContexts } from '../new/plan-contexts.js';

const EXAMPLES = `
Examples:
  fissile new context parcels
  fissile new context patients doctors billing:invoice
  fissile new context articles --access public`;

/** Makes parts of a product: all of them are planned before the first file is written. */
export function newCommand(): Command {
  return new Command('new')
    .description('Makes a context, a saga or an event')
    .addCommand(newContext())
    .addHelpText('after', EXAMPLES);
}

function newContext(): Command {
  return subcommand(
    'context',
    'Makes contexts that work at once: contract, event, resource, database and tests',
  )
    .argument(
      '<names...>',
      'plurals, callers first; <plural>:<singular> where it is not the plural without its ending',
    )
    .option(
      '--access <rule>',
      'own: rows of the caller; admin: admins write, who is signed in reads; public: all read',
      'own',
    )
    .addHelpText('after', EXAMPLES)
    .action((contexts: string[], { access }: { access: string }) =>
      carryOut(contexts, (plan, names) => {
        planContexts(plan, { contexts: names, access, timestamp: Date.now() });
      }),
    );
}

/** Unknown flags reach the plan, which reports them with all else that is wrong. */
function subcommand(name: string, description: string): Command {
  return new Command(name).description(description).allowUnknownOption();
}
