import { Command } from 'commander';

/** What was given is not understood, so nothing was done; 1 is a failure of what was done. */
const USAGE_ERROR = 2;

/** A command of package.json. */
export function npmCommand(script: string, description: string): Command {
  const [name = '', ...words] = script.split(' ');
  const usage = words.length > 0 ? ` -- ${words.join(' ')}` : ' --';
  return new Command(`npm run ${name}${usage}`)
    .description(description)
    .showHelpAfterError('--help shows what there is.');
}

/** Reads the command line. After the help, or the name of what is not understood, the process ends. */
export function read(command: Command, line: readonly string[] = process.argv.slice(2)): Command {
  const commands = [command, ...command.commands];
  for (const each of commands) {
    each.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR));
  }
  return command.parse(line, { from: 'user' });
}

/** The value of an option that is a number. */
export function numberOf(command: Command, name: string, { least = 0 } = {}): number {
  const value: unknown = command.opts()[name];
  const number = Number(value);
  if (value !== '' && number >= least) return number;
  return refuse(command, `error: option '--${name}': expected a number from ${least}, not ${String(value)}`);
}

/** Ends the process for what the parser cannot know. */
export function refuse(command: Command, message: string): never {
  return command.error(message);
}
