import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { findProject, programOf } from '../product-project.js';

const DOCTOR = `
Examples:
  $ fissile doctor            reports only; exits with 1 when anything is found
  $ fissile doctor --repair   repairs what can be repaired safely, and says what it did`;

/** What the compiled program of the product does itself: it knows its modules. */
export function programCommands(): Command[] {
  return [
    delegate('start', 'Starts the product in the topology that TOPOLOGY names', []),
    delegate('config', 'Shows the settings that a start would have, and where each came from', ['config']),
    delegate('migrate', 'Brings the databases of all contexts up to date', ['migrate']),
    delegate('doctor', "Checks the kit's tables in the databases, such as after a restore", [
      'doctor',
    ]).addHelpText('after', DOCTOR),
  ];
}

function delegate(name: string, description: string, words: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .allowUnknownOption()
    .argument('[arguments...]', 'passed on to the program')
    .action((passed: string[]) => runProgram([...words, ...passed]));
}

async function runProgram(words: readonly string[]): Promise<void> {
  const { root } = findProject();
  const child = spawn(process.execPath, [programOf(root), ...words], { cwd: root, stdio: 'inherit' });
  // The terminal sends its signals to both; the child decides when to end.
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
