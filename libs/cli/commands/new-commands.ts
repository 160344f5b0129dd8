import { Command } from 'commander';

type CarryOut = typeof import('../new/carry-out.js').carryOut;

const EXAMPLES = `
Examples:
  fissile new context parcels
  fissile new context patients doctors billing:invoice
  fissile new context articles --access public
  fissile new saga appointments book-appointment
  fissile new event appointments.booked --handled-by billing,patients`;

/** Makes parts of a product: all of them are planned before the first file is written. */
export function newCommand(): Command {
  return new Command('new')
    .description('Makes a context, a saga or an event')
    .addCommand(newContext())
    .addCommand(newSaga())
    .addCommand(newEvent())
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
    .action(async (contexts: string[], { access }: { access: string }) => {
      const { planContexts } = await import('../new/plan-contexts.js');
      await carryOut(contexts, (plan, names) => {
        planContexts(plan, { contexts: names, access, timestamp: Date.now() });
      });
    });
}

function newSaga(): Command {
  return subcommand('saga', 'Makes a saga of two steps with their undos, in the context that starts it')
    .argument('<names...>', 'the context, and the name of the saga')
    .action(async (words: string[]) => {
      const { planSaga } = await import('../new/plan-saga.js');
      await carryOut(words, (plan, [context = '', saga = '', ...rest]) => {
        plan.refuse(...rest.map((word) => `${word}: expected <context> <name> and no more`));
        planSaga(plan, { context, saga, timestamp: Date.now() });
      });
    });
}

function newEvent(): Command {
  return subcommand('event', 'Makes an event that a context publishes, and a handler in others')
    .argument('<names...>', '<context>.<name>, what has happened in small letters, with _ between words')
    .option('--handled-by <contexts>', 'the contexts that handle it, with commas between them', '')
    .action(async (words: string[], { handledBy }: { handledBy: string }) => {
      const { planEvent } = await import('../new/plan-event.js');
      await carryOut(words, (plan, [event = '', ...rest]) => {
        plan.refuse(...rest.map((word) => `${word}: expected one event`));
        planEvent(plan, { event, handledBy: handledBy.split(',').filter(Boolean) });
      });
    });
}

/** What makes files loads the compiler and most of the kit: only its own commands wait for it. */
async function carryOut(...makes: Parameters<CarryOut>): Promise<void> {
  const { carryOut: carry } = await import('../new/carry-out.js');
  await carry(...makes);
}

/** Unknown flags reach the plan, which reports them with all else that is wrong. */
function subcommand(name: string, description: string): Command {
  return new Command(name).description(description).allowUnknownOption();
}
