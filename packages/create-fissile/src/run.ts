import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd: string;
  /** Whether its output is shown as it comes; otherwise only when it fails. */
  readonly show?: boolean;
}

/**
 * Runs a program to its end.
 * @throws Error with its output when it fails
 */
export async function run(
  program: string,
  parameters: readonly string[],
  { cwd, show = false }: RunOptions,
): Promise<void> {
  const child = spawn(program, parameters, {
    cwd,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    // npm is a script on Windows.
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')} failed:\n${output}`);
}

/** Whether a program can be run. */
export async function isInstalled(program: string): Promise<boolean> {
  return run(program, ['--version'], { cwd: process.cwd() }).then(
    () => true,
    () => false,
  );
}
