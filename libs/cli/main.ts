#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { extractCommand } from './commands/extract.js';
import { faultsCommand } from './commands/faults.js';
import { generateCommands } from './commands/generate-commands.js';
import { newCommand } from './commands/new-commands.js';
import { clientCommand } from './commands/client.js';
import { keysCommand } from './commands/keys.js';
import { parityCommand } from './commands/parity.js';
import { programCommands } from './commands/program-commands.js';
import { upgradeCommand } from './commands/upgrade.js';
import { CommandError } from './command-error.js';

/** The command `fissile`, run in the folder of a product. Each subcommand is a file in `commands`. */
const program = new Command('fissile')
  .description('Runs and maintains a product that is built on @fissile/kit.')
  .showHelpAfterError()
  .exitOverride();

const commands = [
  ...programCommands(),
  ...generateCommands(),
  newCommand(),
  clientCommand(),
  extractCommand(),
  keysCommand(),
  parityCommand(),
  faultsCommand(),
  upgradeCommand(),
];
for (const command of commands) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
