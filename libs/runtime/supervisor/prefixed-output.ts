import { styleText } from 'node:util';

const COLOURS = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red', 'white'] as const;

/** Prints lines of several processes, each behind the name of its process; in colours where the terminal has them. */
export class PrefixedOutput {
  private readonly names: string[] = [];
  private width = 0;

  /** Lines of names that are added later may be indented further. */
  add(name: string): void {
    if (!this.names.includes(name)) this.names.push(name);
    this.width = Math.max(this.width, name.length);
  }

  print(name: string, line: string): void {
    const colour = COLOURS[this.names.indexOf(name) % COLOURS.length] ?? 'white';
    const prefix = styleText(colour, `${name.padEnd(this.width)} |`, { stream: process.stdout });
    process.stdout.write(`${prefix} ${line}\n`);
  }
}
