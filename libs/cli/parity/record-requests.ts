import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from '../command-error.js';

/**
 * Passes requests on to a product that runs, and keeps them in a file, until a signal ends it.
 * @throws CommandError when the file exists, or the address is none
 */
export async function recordRequests(target: string, file: string, port: number): Promise<void> {
  if (!/^https?:/.test(target) || !URL.canParse(target)) {
    throw new CommandError(`--record: ${target} is no address: expected one such as http://127.0.0.1:3000`);
  }
  if (existsSync(file)) throw new CommandError(`${file} exists: name another file with --requests`);
  const { RequestRecorder } = await import('@fissile/kit/testing');
  mkdirSync(dirname(file), { recursive: true });
  // Written anew after each request: a later one can make an earlier one save a value.
  const write = (): void =>
    writeFileSync(file, `${recorder.requests.map((each) => JSON.stringify(each)).join('\n')}\n`);
  const recorder = await RequestRecorder.start(target, port, write);
  console.log(
    `Send requests to ${recorder.url}; they go to ${target} and are kept in ${file}. Ctrl+C ends it.`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await recorder.close();
  console.log(`${recorder.requests.length} requests are in ${file}.`);
}
