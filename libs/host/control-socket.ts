import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { resolve } from 'node:path';

/** Where the process that starts the others listens for changes of the topology, for products whose data is in that folder. */
export function controlSocketIn(dataDir: string): string {
  const folder = resolve(dataDir);
  if (process.platform !== 'win32') return resolve(folder, 'control.sock');
  return `\\\\.\\pipe\\fissile-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
}

/**
 * Asks the product that runs there.
 * @returns the status of its answer, and what the JSON of it says
 * @throws Error when none listens
 */
export function askControl(dataDir: string, body: object): Promise<{ status: number; answer: unknown }> {
  return new Promise((resolve, reject) => {
    const socketPath = controlSocketIn(dataDir);
    const sent = request({ socketPath, method: 'POST', path: '/' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        resolve({ status: response.statusCode ?? 0, answer });
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
