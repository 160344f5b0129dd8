#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { adviseCommand } from './commands/advise.js';
import { extractCommand } from './commands/extract.js';
import { faultsCommand } from './commands/faults.js';
import { generateCommands } from './commands/generate-commands.js';
import { newCommand } from './commands/new-commands.js';
import { brokerAccountsCommand } from './commands/broker-accounts.js';
import { clientCommand } from './commands/client.js';
import { completionCommand } from './commands/completion.js';
import { keysCommand } from './commands/keys.js';
import { mcpCommand } from './commands/mcp.js';
import { parityCommand } from './commands/parity.js';
import { programCommands } from './commands/program-commands.js';
import { topologyCommand } from './commands/topology.js';
import { upgradeCommand } from './commands/upgrade.js';
import { CommandError } from './command-error.js';

// What a subcommand loads is compiled once.
enableCompileCache();

/** What was given is not understood, so nothing was done; 1 is a failure of what was done. */
const USAGE_ERROR = 2;

/** The command `fissile`, run in the folder of a product. Each subcommand is a file in `commands`. */
const program = new Command('fissile')
  .description('Runs and maintains a product that is built on @fissile/kit.')
  .showHelpAfterError();

const commands = [
  ...programCommands(),
  ...generateCommands(),
  newCommand(),
  clientCommand(),
  extractCommand(),
  keysCommand(),
  brokerAccountsCommand(),
  topologyCommand(),
  adviseCommand(),
  mcpCommand(),
  parityCommand(),
  faultsCommand(),
  upgradeCommand(),
];
for (const command of commands) program.addCommand(command);
program.addCommand(completionCommand(program));
overrideExits(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
  else if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = error.exitCode;
  } else throw error;
}

/** A command that is added takes nothing over from the one above it. */
function overrideExits(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) overrideExits(below);
}
