import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Systems give outgoing connections ports from 32768 or 49152 on. */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const MAX_ATTEMPTS = 1_000;

/** By port. Held until this process ends. */
const claims = new Map<number, Socket>();

/**
 * A free port of loopback for a program that will listen there later, such as a process that is about to be started.
 * No process takes it in between: outgoing connections get higher ones, and no other process is given one that is claimed,
 * as long as the one that claimed it runs.
 *
 * @param inARow how many of the ports that follow each other are wanted; the first is returned
 */
export async function claimFreePort(inARow = 1): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const first = randomInt(LOWEST, HIGHEST + 2 - inARow);
    const ports = Array.from({ length: inARow }, (_, index) => first + index);
    let claimed = 0;
    while (claimed < inARow && (await claimAnew(first + claimed))) claimed += 1;
    if (claimed === inARow) return first;
    ports.slice(0, claimed).forEach(giveBack);
  }
  throw new Error(`None of the ports from ${LOWEST} to ${HIGHEST} is free`);
}

/** Claims that port for this process if it is free and no other process has claimed it. Returns whether it did. */
export async function claimPort(port: number): Promise<boolean> {
  return claims.has(port) ? canBeListenedOn(port) : claimAnew(port);
}

async function claimAnew(port: number): Promise<boolean> {
  if (claims.has(port) || !(await hold(port))) return false;
  if (await canBeListenedOn(port)) return true;
  giveBack(port);
  return false;
}

/** UDP has numbers of its own, and the product uses none of them: who is bound there keeps off others, and no TCP. */
async function hold(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
  } catch {
    socket.close();
    return false;
  }
  claims.set(port, socket.unref());
  return true;
}

function giveBack(port: number): void {
  claims.get(port)?.close();
  claims.delete(port);
}

async function canBeListenedOn(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
