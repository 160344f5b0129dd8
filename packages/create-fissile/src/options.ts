import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ContextName, packageNameError, parseContexts } from './names.js';

export const AUTHS = ['users', 'oidc'] as const;
export const TRANSPORTS = ['grpc', 'tcp', 'nats', 'rmq', 'redis'] as const;
export const BUSES = ['local', 'direct', 'rabbitmq', 'kafka', 'nats'] as const;

/** Made when the user names no context. */
const EXAMPLE_CONTEXT = 'notes';

export type Auth = (typeof AUTHS)[number];

/** What to make, and where. */
export interface Options {
  /** Absolute. */
  readonly folder: string;
  /** The name of the package. */
  readonly name: string;
  readonly contexts: readonly ContextName[];
  readonly auth: Auth;
  /** The kit's defaults when absent. */
  readonly transport?: string;
  readonly bus?: string;
  readonly k8s: boolean;
  /** Whether the first context gets a saga to read. */
  readonly example: boolean;
  /** A version of @fissile/kit, or the path of its tarball; the version of this package when absent. */
  readonly kit?: string;
  readonly install: boolean;
}

/** What the files of a product depend on. */
export type Answers = Pick<Options, 'name' | 'contexts' | 'auth' | 'transport' | 'bus' | 'k8s'>;

/** The flags as given; absent where the user has said nothing. */
export interface Flags {
  folder?: string;
  name?: string;
  contexts?: string;
  auth?: string;
  transport?: string;
  bus?: string;
  kit?: string;
  'no-example'?: boolean;
  'no-k8s'?: boolean;
  'no-install'?: boolean;
  help?: boolean;
}

export const HELP = `Makes a new product on @fissile/kit.

Usage: npm create fissile@latest <folder> -- [flags]

  --name <name>           the name of the package; that of the folder when absent
  --contexts <names>      such as appointments,doctors or billing:invoice (plural:singular); notes when absent
  --auth <${AUTHS.join('|')}>     accounts of its own (default), or tokens of an OpenID provider
  --transport <name>      of calls between processes: ${TRANSPORTS.join(', ')}
  --bus <name>            of events between processes: ${BUSES.join(', ')}
  --no-example            writes no example of a saga into the first context
  --no-k8s                writes no Kubernetes manifests
  --kit <version|file>    a version of @fissile/kit, or its tarball
  --no-install            writes the files and runs nothing
  --help                  shows this

Without a folder it asks, when it is run in a terminal.

Examples:
  npm create fissile@latest clinic
  npm create fissile@latest clinic -- --contexts appointments,doctors --auth oidc
`;

/** Everything that is wrong with what the user gave. */
export class OptionsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.map((problem) => `  ${problem}`).join('\n'));
  }
}

const FLAGS = {
  name: { type: 'string' },
  contexts: { type: 'string' },
  auth: { type: 'string' },
  transport: { type: 'string' },
  bus: { type: 'string' },
  kit: { type: 'string' },
  'no-example': { type: 'boolean' },
  'no-k8s': { type: 'boolean' },
  'no-install': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line, and names all that is unknown in it.
 * @returns the flags, and what is wrong with them so far
 */
export function readFlags(words: readonly string[]): { flags: Flags; problems: string[] } {
  const { tokens } = parseArgs({
    args: [...words],
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Record<string, string | boolean> = {};
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if ('folder' in flags) problems.push(`${token.value}: expected one folder`);
      else flags['folder'] = token.value;
    } else if (token.kind === 'option') {
      const flag = FLAGS[token.name as keyof typeof FLAGS] as { type: string } | undefined;
      if (!flag) problems.push(`${token.rawName}: there is no such flag; see --help`);
      else if (flag.type === 'boolean' && token.value !== undefined) {
        problems.push(`${token.rawName}: expected no value`);
      } else if (flag.type === 'string' && (token.value === undefined || token.value === '')) {
        problems.push(`${token.rawName}: expected a value`);
      } else flags[token.name] = token.value ?? true;
    }
  }
  return { flags: flags, problems };
}

/**
 * Checks the flags.
 * @throws OptionsError that names all that is wrong
 */
export function toOptions(flags: Flags, problems: readonly string[] = []): Options {
  const folder = resolve(flags.folder ?? '');
  const name = flags.name ?? basename(folder);
  const { contexts, errors } = parseContexts(flags.contexts ?? EXAMPLE_CONTEXT);
  const nameError = packageNameError(name);
  const found = [
    ...problems,
    ...(flags.folder === undefined ? ['<folder>: expected the folder to make'] : folderErrors(folder)),
    ...(nameError !== undefined && flags.folder !== undefined ? [`--name ${name}: ${nameError}`] : []),
    ...errors.map((error) => `--contexts ${error}`),
    ...choiceErrors('auth', flags.auth, AUTHS),
    ...choiceErrors('transport', flags.transport, TRANSPORTS),
    ...choiceErrors('bus', flags.bus, BUSES),
    ...kitErrors(flags.kit),
  ];
  if (found.length > 0) throw new OptionsError(found);
  return {
    folder,
    name,
    contexts,
    auth: (flags.auth ?? 'users') as Auth,
    example: !flags['no-example'],
    k8s: !flags['no-k8s'],
    install: !flags['no-install'],
    ...(flags.transport !== undefined && { transport: flags.transport }),
    ...(flags.bus !== undefined && { bus: flags.bus }),
    ...(flags.kit !== undefined && { kit: flags.kit }),
  };
}

/** Why no product can be made in the folder. */
export function folderErrors(folder: string): string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) return [`${folder}: expected a folder, it is a file`];
  return readdirSync(folder).length > 0 ? [`${folder}: expected a new or an empty folder`] : [];
}

function choiceErrors(flag: string, value: string | undefined, choices: readonly string[]): string[] {
  if (value === undefined || choices.includes(value)) return [];
  return [`--${flag} ${value}: expected one of ${choices.join(', ')}`];
}

/** Whether `--kit` names a tarball rather than a version. */
export function isTarball(kit: string): boolean {
  return /\.(tgz|tar\.gz)$/.test(kit);
}

function kitErrors(kit: string | undefined): string[] {
  if (kit === undefined) return [];
  if (isTarball(kit)) return existsSync(kit) ? [] : [`--kit ${kit}: there is no such file`];
  // A version, a range of npm's, or a tag.
  return /^[\w.^~<>=*-]+$/.test(kit) ? [] : [`--kit ${kit}: expected a version or a .tgz file`];
}
