import { join, resolve } from 'node:path';
import { npmCommand, read } from '../../tools/command-line/command-line.js';
import { ProjectCopy } from '../harness/project-copy.js';

/** The kit, and the files that check and install it. Nothing else of the repository is copied. */
const KIT = ['libs', 'package.json', 'tsconfig.base.json', '.dependency-cruiser.cjs'];

read(npmCommand('test:kit', 'Builds, checks and tests the kit where no product is.'));

/** Builds, checks and tests the kit in a folder that contains no product except the toy. Usage: npm run test:kit */
const copy = new ProjectCopy(KIT);
const compiled = join(copy.folder, 'libs/dist');
/** Beside the kit, as a product's is: its tests start the toy a hundred times. */
const toy = join(copy.folder, 'dist/toy');
const STEPS: readonly (readonly [title: string, program: string, parameters: readonly string[]])[] = [
  ['builds', 'tsc', ['-b', 'libs']],
  ['keeps its boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'libs']],
  [
    'is bundled',
    'node',
    [resolve('tools/build/bundle.ts'), join(compiled, 'testing/toy/main.js'), compiled, toy],
  ],
  ['passes its tests', 'npm', ['test', '-w', 'libs']],
];
try {
  for (const [title, program, parameters] of STEPS) {
    const output = await copy.run(program, parameters, { TOY_MAIN: join(toy, 'main.js') });
    const counts = output.split('\n').filter((line) => /^ℹ (tests|fail|skipped) |cruised/.test(line));
    console.log(`the kit alone ${title}${counts.map((line) => `\n  ${line}`).join('')}`);
  }
} finally {
  copy.remove();
}
