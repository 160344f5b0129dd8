import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

/** Runs lanes of programs in a process of their own. Gives what it printed, and whether it told of success. */
function run(...lanes: readonly (readonly [name: string, program: string])[][]): {
  passed: boolean;
  output: string;
} {
  const jobs = lanes.map((lane) =>
    lane.map(([name, program]) => ({ name, program: 'node', parameters: ['--eval', program] })),
  );
  const program = `import { runLanes } from '${new URL('lanes.js', import.meta.url).href}';
console.log(await runLanes(${JSON.stringify(jobs)}) ? 'all passed' : 'not all passed');`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return { passed: output.includes('\nall passed'), output };
}

const says = (text: string) => `console.log(${JSON.stringify(text)})`;

describe('Lanes of a test run', () => {
  it('have passed when each job has, and end with the counts of the tests', () => {
    const { passed, output } = run(
      [
        ['one', says('ℹ tests 3')],
        ['two', says('done')],
      ],
      [['three', says('ℹ tests 4\nℹ pass 4')]],
    );
    assert.ok(passed);
    const summary = output.slice(output.indexOf('passed one')).replaceAll(/\d+ s$/gm, '… s');
    assert.equal(
      summary,
      'passed one, … s\n  ℹ tests 3\npassed two, … s\npassed three, … s\n  ℹ tests 4\n  ℹ pass 4\nall passed\n',
    );
  });

  it('have not passed when a job fails, which stops no other, and whose output is shown', () => {
    const { passed, output } = run(
      [
        ['broken', 'console.error("what went wrong"); process.exit(3)'],
        ['after it', says('it ran')],
      ],
      [['beside it', says('it ran too')]],
    );
    assert.ok(!passed);
    for (const text of ['what went wrong', 'it ran\n', 'it ran too', 'FAILED broken', 'passed after it'])
      assert.ok(output.includes(text), output);
  });

  it('have not passed when a job is killed', () => {
    const { passed } = run([['killed', 'process.kill(process.pid, "SIGKILL")']], [['fine', says('')]]);
    assert.ok(!passed);
  });
});
