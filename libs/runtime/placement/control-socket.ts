import { Logger } from '@nestjs/common';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { ContextError } from '@fissile/kit/contract';
import { changeOf, ChangeRequest, type TopologyControl, type TopologyRequest } from '@fissile/kit/operations';
import { controlSocketIn } from '@fissile/kit/host';

const LIMIT_BYTES = 16 * 1024;

const Show = z.strictObject({ action: z.literal('show') });

/**
 * Takes requests to change the topology through a socket in the data folder: who may write there has the databases too, and needs
 * no other proof. Where there can be none, as in a folder that is only read, there is only the API.
 * @returns what closes it
 */
export async function openControlSocket(dataDir: string, control: TopologyControl): Promise<() => void> {
  const path = controlSocketIn(dataDir);
  const server = createServer((request, response) => void answer(control, request, response));
  server.unref();
  try {
    if (process.platform !== 'win32') rmSync(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
  } catch (error) {
    new Logger('Topology').debug(`No socket for \`fissile topology\`: ${(error as Error).message}`);
    return () => undefined;
  }
  return () => server.close();
}

async function answer(
  control: TopologyControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    send(response, 200, await control.carryOut(read(await bodyOf(request))));
  } catch (error) {
    const known = error instanceof ContextError ? error : ContextError.of('malformed_request');
    send(response, known.status, known.toRecord());
  }
}

/** @throws ContextError malformed_request with what is wrong */
function read(text: string): TopologyRequest {
  const body: unknown = JSON.parse(text);
  const show = Show.safeParse(body);
  if (show.success) return show.data;
  const change = ChangeRequest.safeParse(body);
  if (!change.success) throw ContextError.of('malformed_request', z.prettifyError(change.error));
  return changeOf(change.data);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT_BYTES) throw ContextError.of('payload_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
