import { createInterface } from 'node:readline/promises';
import { type Flags, toOptions } from './options.js';

interface Question {
  readonly flag: 'folder' | 'contexts' | 'auth';
  readonly text: string;
  readonly byDefault: string;
}

const QUESTIONS: readonly Question[] = [
  { flag: 'folder', text: 'Folder', byDefault: 'my-product' },
  { flag: 'contexts', text: 'Contexts beside users, such as appointments,doctors', byDefault: 'notes' },
  {
    flag: 'auth',
    text: 'Sign in by its own users, or by an OpenID provider (users, oidc)',
    byDefault: 'users',
  },
];

/** Asks for what no flag says, again for each answer that cannot be taken. */
export async function askFor(flags: Flags): Promise<Flags> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answered = { ...flags };
  try {
    for (const { flag, text, byDefault } of QUESTIONS) {
      while (answered[flag] === undefined) {
        const answer = (await terminal.question(`${text} [${byDefault}]: `)).trim() || byDefault;
        const problem = problemWith({ folder: 'a-folder-that-is-new', [flag]: answer });
        if (problem === undefined) answered[flag] = answer;
        else console.log(problem);
      }
    }
  } finally {
    terminal.close();
  }
  return answered;
}

function problemWith(flags: Flags): string | undefined {
  try {
    toOptions(flags);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
