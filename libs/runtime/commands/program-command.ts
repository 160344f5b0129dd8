const HELP = ['--help', '-h', 'help'];

/** What a product's program can be asked for on its command line. */
const COMMANDS = {
  config: {
    flags: ['--json', '--schema'],
    /** How many words may follow that are no flags. */
    words: 1,
    usage: [
      ['config [process or context]', 'shows the settings that a start would have, and where each came from'],
      ['  --json', 'as JSON'],
      ['  --schema', 'what settings there are, as JSON'],
    ],
  },
  doctor: {
    flags: ['--repair'],
    words: 0,
    usage: [
      ['doctor', 'checks the databases of all contexts that it hosts, and compares their events'],
      ['  --repair', 'repairs what can be repaired safely, and says what it did'],
    ],
  },
  migrate: {
    flags: [],
    words: 0,
    usage: [['migrate', 'brings the databases of all contexts that it hosts up to date, and ends']],
  },
  openapi: {
    flags: [],
    words: 0,
    usage: [['openapi', 'prints the OpenAPI document of all that it can host, and needs no database']],
  },
} as const satisfies Record<string, CommandShape>;

interface CommandShape {
  readonly flags: readonly string[];
  readonly words: number;
  readonly usage: readonly (readonly [left: string, right: string])[];
}

type CommandName = keyof typeof COMMANDS;

/** What the command line asks for. */
export interface ProgramCommand {
  /** Absent for a start. */
  readonly name?: CommandName;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

/** What is to be printed in place of it. */
export interface CommandLineAnswer {
  readonly text: string;
  readonly exitCode: number;
}

/** Reads the command line of a product's program, before anything of the product is loaded. */
export function readProgramCommand(line: readonly string[]): ProgramCommand | CommandLineAnswer {
  const [name, ...more] = line;
  if (line.some((word) => HELP.includes(word))) return { text: usage(), exitCode: 0 };
  if (name === undefined) return { words: [], flags: [] };
  if (!isCommand(name)) return unknown(name, [...Object.keys(COMMANDS), '--help'].join(', '));
  const shape: CommandShape = COMMANDS[name];
  const flags = more.filter((word) => word.startsWith('-'));
  const words = more.filter((word) => !word.startsWith('-'));
  const strange = flags.find((flag) => !shape.flags.includes(flag)) ?? words[shape.words];
  if (strange !== undefined) return unknown(strange, [name, ...shape.flags, '--help'].join(', '));
  return { name, words, flags };
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function unknown(argument: string, expected: string): CommandLineAnswer {
  return { text: `unknown argument ${argument}: expected ${expected}`, exitCode: 2 };
}

function usage(): string {
  const rows = Object.values<CommandShape>(COMMANDS).flatMap((command) => command.usage);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    'Usage: node main.js [command]',
    '',
    'Without a command it starts what the settings HOSTS and TOPOLOGY name, until a signal stops it.',
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}
