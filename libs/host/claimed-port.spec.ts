import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { claimFreePort, claimPort } from './claimed-port.js';

/** Runs the script in another process, and returns its output. */
async function inOtherProcess(script: string): Promise<string> {
  const file = new URL('./claimed-port.js', import.meta.url).href;
  const parameters = ['--input-type=module', '-e', `import * as ports from '${file}'; ${script}`];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return stdout.trim();
}

describe('A claimed port', () => {
  it('is not given to another process before anybody listens there, and can be listened on', async () => {
    const port = await claimFreePort();
    assert.equal(await inOtherProcess(`console.log(await ports.claimPort(${port}))`), 'false');
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });

  it('stays with the process that has claimed it, and no second one of it is the same', async () => {
    const port = await claimFreePort();
    assert.equal(await claimPort(port), true, 'as when an embedded database starts again');
    const more = await Promise.all(Array.from({ length: 50 }, () => claimFreePort()));
    assert.equal(new Set([port, ...more]).size, 51);
  });

  it('is free again when the process ends, which it does not hold up', async () => {
    const port = await inOtherProcess('console.log(await ports.claimFreePort())');
    assert.equal(await claimPort(Number(port)), true);
  });

  it('is none on which somebody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    assert.equal(await claimPort(port), false);
    server.close();
    await once(server, 'close');
    assert.equal(await claimPort(port), true, 'a refusal keeps nothing');
  });

  it('can be the first of several in a row', async () => {
    const first = await claimFreePort(3);
    const taken = [first, first + 1, first + 2].join();
    const script = `for (const port of [${taken}]) console.log(await ports.claimPort(port))`;
    assert.equal(await inOtherProcess(script), 'false\nfalse\nfalse');
  });
});
