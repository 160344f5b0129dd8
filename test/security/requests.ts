import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from '@fissile/kit/testing';
import type { ProbedShop } from './probed-shop.js';

const MEBIBYTE = 1024 * 1024;

/** What becomes of requests that another server could read in another way, and of clients that do not behave. */
export function probeRequests(shop: () => ProbedShop): void {
  it('a request for two hosts, or for none that is one, is refused', async () => {
    for (const hosts of [
      'Host: shop\r\nHost: evil.example',
      'Host: shop\r\nhost: shop',
      'Host: a b',
      'Host: shop/path',
      'Host: user@shop',
      'Host: shop:port',
      'Host: shop:123456',
      'Host: [::1',
      'Host: <script>',
      'Host:',
    ])
      assert.match(
        await shop().raw(`GET /api/products HTTP/1.1\r\n${hosts}\r\n\r\n`),
        /^HTTP\/1\.1 400 /,
        hosts,
      );
    for (const host of ['shop', 'shop.example:8443', '127.0.0.1:3000', '[::1]:3000'])
      assert.match(
        await shop().raw(`GET /api/products HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
        /^HTTP\/1\.1 200 /,
        host,
      );
  });

  it('a body with a coding of its transfer that nobody reads here is refused, and the connection ends', async () => {
    const post = (version: string, coding: string) =>
      `POST /api/auth/login HTTP/${version}\r\nHost: shop\r\nContent-Type: application/json\r\n` +
      `Transfer-Encoding: ${coding}\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /api/products HTTP/1.1\r\nHost: shop\r\n\r\n`;
    for (const [version, coding] of [
      ['1.1', 'gzip, chunked'],
      ['1.1', 'chunked, chunked'],
      ['1.1', 'identity, chunked'],
      ['1.0', 'chunked'],
    ] as const) {
      const text = await shop().raw(post(version, coding), () => false);
      assert.match(text, /^HTTP\/1\.1 400 /, `${version} ${coding}`);
      assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 1, 'nothing behind it is answered');
    }
  });

  it('a tunnel is refused with a status', async () => {
    const text = await shop().raw(
      'CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n',
      () => false,
    );
    assert.match(text, /^HTTP\/1\.1 405 [^]*"code":"method_not_allowed"/);
  });

  it('a body that is far too large is answered to clients that send all of it first', async () => {
    const { alice } = shop();
    for (const size of [2, 5, 20]) {
      const body = Buffer.alloc(size * MEBIBYTE, ' ');
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${alice.token}` };
      const response = await fetch(`${shop().shop.url}/api/orders`, { method: 'POST', headers, body });
      const { code } = (await response.json()) as { code: string };
      assert.deepEqual([response.status, code], [413, 'payload_too_large'], `${size} MiB`);
      const framings = [
        [`Content-Length: ${body.length}`, body],
        [`Content-Length: ${body.length}\r\nConnection: close`, body],
        [
          'Transfer-Encoding: chunked',
          Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]),
        ],
      ] as const;
      for (const [framing, bytes] of framings)
        assert.match(await sendsFirst(framing, bytes), /^HTTP\/1\.1 413 /, `${size} MiB, ${framing}`);
    }
  });

  /** As Python's urllib does: reads nothing before all is sent. */
  const sendsFirst = async (framing: string, body: Buffer): Promise<string> => {
    const socket = shop().open();
    socket.pause();
    socket.write(
      `POST /api/orders HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${shop().alice.token}\r\n` +
        `Content-Type: application/json\r\n${framing}\r\n\r\n`,
    );
    await new Promise<void>((resolve, reject) => {
      socket.write(body, (error) => (error ? reject(error) : resolve()));
    });
    const [chunk] = (await socket.take(1).toArray()) as Buffer[];
    socket.destroy();
    return String(chunk);
  };

  it('a client that does not read is cut off', async () => {
    const socket = shop().open().pause();
    let isOpen = true;
    socket.on('error', () => undefined).on('close', () => (isOpen = false));
    socket.write('GET /docs-json HTTP/1.1\r\nHost: shop\r\n\r\n'.repeat(400));
    await until('it is cut off', () => {
      // Writing shows it: who does not read does not hear of the end.
      socket.write('\r\n');
      return !isOpen;
    });
  });
}
