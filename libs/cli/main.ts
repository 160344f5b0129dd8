#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { generateCommands } from './commands/generate-commands.js';
import { newCommand } from './commands/new-commands.js';
import { programCommands } from './commands/program-commands.js';
import { CommandError } from './command-error.js';

/** The command `fissile`, run in the folder of a product. Each subcommand is a file in `commands`. */
const program = new Command('fissile')
  .description('Runs and maintains a product that is built on @fissile/kit.')
  .showHelpAfterError()
  .exitOverride();

for (const command of [...programCommands(), ...generateCommands(), newCommand()])
  program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
