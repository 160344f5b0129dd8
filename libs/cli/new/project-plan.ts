import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-error.js';
import { SourceCode } from './source-code.js';
import { typescriptOf } from '../typescript-of.js';

/** Everything that a command will write. Nothing is written before all of it is known, and all that is wrong too. */
export class ProjectPlan {
  readonly created = new Map<string, string>();
  readonly changed = new Map<string, string>();
  readonly removed = new Set<string>();
  private readonly executables = new Set<string>();
  private readonly problems: string[] = [];
  private readonly typescript = typescriptOf(this.root, 'fissile new');

  constructor(readonly root: string) {}

  refuse(...problems: readonly string[]): void {
    for (const problem of problems) if (!this.problems.includes(problem)) this.problems.push(problem);
  }

  /** @throws CommandError that names all that is wrong */
  check(): void {
    if (this.problems.length > 0) {
      throw new CommandError(
        `nothing was written:\n${this.problems.map((line) => `  - ${line}`).join('\n')}`,
        this.problems.some((problem) => problem.startsWith('unknown flag ')) ? 2 : 1,
      );
    }
  }

  has(path: string): boolean {
    return this.created.has(path) || existsSync(join(this.root, path));
  }

  /** The text of a file as it will be; undefined when there is no such file. */
  read(path: string): string | undefined {
    const planned = this.created.get(path) ?? this.changed.get(path);
    return planned ?? this.original(path);
  }

  /** The text of a file before the command; undefined when there is no such file. */
  original(path: string): string | undefined {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  code(path: string, text = this.read(path) ?? ''): SourceCode {
    return new SourceCode(this.typescript, path, text);
  }

  create(path: string, content: string): void {
    if (this.has(path)) this.refuse(`${path} exists already`);
    this.created.set(path, content);
  }

  /** The new text of a file, whether it is there or not. */
  put(path: string, content: string, { executable = false } = {}): void {
    const isNew = this.created.has(path) || !existsSync(join(this.root, path));
    (isNew ? this.created : this.changed).set(path, content);
    if (executable) this.executables.add(path);
  }

  remove(path: string): void {
    this.removed.add(path);
  }

  /**
   * Writes everything.
   * @returns what removes it again
   * @throws the error of the file system, when nothing of it is left behind
   */
  write(): () => void {
    const undos: (() => void)[] = [];
    const undo = () => {
      for (const step of undos.splice(0).reverse()) step();
    };
    try {
      for (const [path, content] of [...this.created, ...this.changed]) {
        const file = join(this.root, path);
        undos.push(...makeFolder(dirname(file)));
        const before = existsSync(file) ? readFileSync(file) : undefined;
        undos.push(() => (before ? writeFileSync(file, before) : rmSync(file, { force: true })));
        writeFileSync(file, content);
        if (this.executables.has(path)) chmodSync(file, 0o755);
      }
      for (const path of this.removed) undos.push(removeFile(join(this.root, path)));
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }
}

/** @returns what writes it again */
function removeFile(file: string): () => void {
  const [before, { mode }] = [readFileSync(file), statSync(file)];
  rmSync(file);
  return () => writeFileSync(file, before, { mode });
}

/** @returns what removes the folders that were not there before, as far as they are empty */
function makeFolder(folder: string): (() => void)[] {
  if (existsSync(folder)) return [];
  const undos = makeFolder(dirname(folder));
  mkdirSync(folder);
  return [...undos, () => rmdirSync(folder)];
}
