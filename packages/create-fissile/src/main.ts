#!/usr/bin/env node
import { createProject } from './create-project.js';
import { HELP, OptionsError, readFlags, toOptions } from './options.js';
import { nextSteps } from './next-steps.js';
import { askFor } from './questions.js';

async function main(words: readonly string[]): Promise<void> {
  const { flags, problems } = readFlags(words);
  if (flags.help) return console.log(HELP);
  const mayAsk = problems.length === 0 && flags.folder === undefined && process.stdin.isTTY;
  const options = toOptions(mayAsk ? await askFor(flags) : flags, problems);
  await createProject(options);
  console.log(nextSteps(options));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const intro =
    error instanceof OptionsError ? 'Nothing was made:' : 'It failed, and what was made is removed:';
  console.error(`${intro}\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
