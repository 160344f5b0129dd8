import type { Outcome } from './merge-file.js';

export const PACKAGE_FILE = 'package.json';

type Kind = Exclude<Outcome['kind'], 'same'> | 'generated' | 'generated, but yours';

const CHANGES: readonly Kind[] = ['new', 'updated', 'merged', 'conflict', 'removed', 'generated'];
const LEFT: readonly Kind[] = ['deleted by you', 'no longer made', 'generated, but yours'];

/** What an upgrade changes, what it leaves, and what a person must do. */
export class UpgradeReport {
  private readonly entries: { readonly kind: Kind; readonly path: string }[] = [];
  private readonly keptFields: string[] = [];

  /** @param steps what the versions in between ask of people */
  constructor(
    private readonly from: string,
    private readonly to: string,
    private readonly steps: readonly string[],
  ) {}

  add(kind: Kind, path: string): void {
    this.entries.push({ kind, path });
  }

  /** Fields of package.json that both have changed. */
  keepFields(fields: readonly string[]): void {
    this.keptFields.push(...fields);
  }

  pathsOf(kind: Kind): string[] {
    return this.entries.filter((entry) => entry.kind === kind).map(({ path }) => path);
  }

  text({ dryRun }: { dryRun: boolean }): string {
    const blocks = [
      `From the templates of ${this.from} to those of ${this.to}.`,
      block(dryRun ? 'What would change:' : 'What has changed:', this.lines(CHANGES), 'no file'),
      block('Left as you have it:', this.lines(LEFT)),
      block('What you do:', this.toDo()),
      "The kit's own tables need nothing: they are migrated at the start, and processes of both versions may run side by side.",
      ...(dryRun ? ['Nothing was written.'] : []),
    ];
    return blocks.filter((text) => text !== '').join('\n\n');
  }

  private lines(kinds: readonly Kind[]): string[] {
    return kinds.flatMap((kind) => this.pathsOf(kind).map((path) => `${kind.padEnd(16)} ${path}`));
  }

  private toDo(): string[] {
    const conflicts = this.pathsOf('conflict');
    return [
      ...conflicts.map(
        (path) => `- Resolve the conflicts in ${path}: they are marked with <<<<<<< and >>>>>>>.`,
      ),
      ...(conflicts.some((path) => path.endsWith('.yaml'))
        ? ['- Run npm run generate when the conflicts are resolved.']
        : []),
      ...this.keptFields.map((field) => `- Decide in package.json: ${field}.`),
      ...this.pathsOf('no longer made').map((path) => `- Delete ${path} if you no longer need it.`),
      ...(this.pathsOf('merged').includes(PACKAGE_FILE)
        ? ['- Run npm install: package.json has changed.']
        : []),
      ...this.steps.map((step) => `- ${step}`),
      '- Run npm test, and commit.',
    ];
  }
}

function block(title: string, lines: readonly string[], none = ''): string {
  if (lines.length === 0) return none && `${title}\n  ${none}`;
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
