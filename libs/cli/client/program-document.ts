import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError } from '../command-error.js';
import { programOf } from '../product-project.js';

const LARGEST_BYTES = 100 * 1024 * 1024;

/**
 * The OpenAPI document of a product, as its compiled program prints it without a start.
 * @param root the folder of the product
 * @throws CommandError when it is not compiled, or cannot print it
 */
export async function programDocument(root: string): Promise<unknown> {
  const main = programOf(root, 'run npm run build first');
  const options = { cwd: root, maxBuffer: LARGEST_BYTES };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'openapi'], options);
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new CommandError(`node ${main} openapi printed no OpenAPI document: ${stderr?.trim() || message}`);
  }
}
