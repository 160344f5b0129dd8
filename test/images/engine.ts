import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The exit code and output of a program in a container. */
export interface CommandOutcome {
  readonly code: number;
  readonly output: string;
}

/** Docker, or Podman, which takes the same commands. */
export class Engine {
  constructor(readonly program: string) {}

  /** The one that CONTAINER_ENGINE names, or Docker. */
  static fromEnvironment(): Engine {
    return new Engine(process.env['CONTAINER_ENGINE'] ?? 'docker');
  }

  /** Prints the command's output, and throws when it fails. */
  async show(parameters: readonly string[]): Promise<void> {
    const child = spawn(this.program, parameters, { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${this.program} ${parameters[0]} ended with ${code}`);
  }

  async text(parameters: readonly string[]): Promise<string> {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    return (await execute(this.program, parameters, options)).stdout.trim();
  }

  /** For a command that is allowed to fail. */
  async attempt(parameters: readonly string[]): Promise<CommandOutcome> {
    try {
      const { stdout, stderr } = await execute(this.program, parameters);
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const {
        code,
        stdout = '',
        stderr = '',
      } = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof code !== 'number') throw error;
      return { code, output: stdout + stderr };
    }
  }
}
