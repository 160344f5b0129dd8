import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CARD, type ProbedShop, type Received } from './probed-shop.js';

/** Text is stored as it was sent, or it is refused. */
export function probeText(shop: () => ProbedShop): void {
  const rename = (body: unknown, headers = {}) =>
    shop().send({ method: 'PATCH', path: '/api/users/me', token: shop().alice.token, body, headers });
  const answer = ({ status, body }: Received) => `${status} ${body?.code}`;
  const latin1 = Buffer.from('{"name":"Cr\xe8me"}', 'latin1');

  it('a body in another charset is a 415', async () => {
    for (const charset of ['iso-8859-1', '"ISO-8859-1"', 'utf-16', 'utf-7', 'none'])
      assert.equal(
        answer(await rename(latin1, { 'content-type': `application/json; charset=${charset}` })),
        '415 unsupported_media_type',
        charset,
      );
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8'])
      assert.equal(
        (await rename('{"name":"Crème"}', { 'content-type': `application/json; charset=${charset}` })).status,
        200,
        charset,
      );
  });

  it('a body or a query that is no UTF-8 is a 400', async () => {
    for (const bytes of [
      latin1,
      Buffer.from('7b226e616d65223a22c080227d', 'hex'),
      Buffer.from('7b226e616d65223a22eda080227d', 'hex'),
    ])
      assert.equal(answer(await rename(bytes)), '400 malformed_request');
    for (const query of ['q=%E8', 'q=%ED%A0%80', 'q=%', 'q=100%25&category=%zz'])
      assert.equal(
        answer(await shop().send({ path: `/api/products?${query}` })),
        '400 malformed_request',
        query,
      );
    assert.equal((await shop().send({ path: '/api/products?q=cr%C3%A8me' })).status, 200);
  });

  it('a body with a coding is a 415, and one that says it has none is read', async () => {
    for (const coding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, identity', 'x'])
      assert.equal(
        answer(await rename(gzipSync('{"name":"A"}'), { 'content-encoding': coding })),
        '415 unsupported_media_type',
        coding,
      );
    assert.equal((await rename('{"name":"A"}', { 'content-encoding': 'identity' })).status, 200);
  });

  it('half a character is refused, with the field', async () => {
    for (const half of [String.raw`\ud800`, String.raw`\udc00\ud83d`, String.raw`a\uDFFF`]) {
      const { status, body } = await rename(`{"name":"${half}"}`);
      assert.deepEqual([status, body.errors?.[0].path], [400, 'name'], half);
    }
    assert.equal((await rename(String.raw`{"name":"\ud83d\ude00"}`)).body.name, '😀');
  });

  it('a number that would lose digits is refused, with the field', async () => {
    const { admin, productId } = shop();
    for (const number of [
      '999999999.99999999999',
      '12345678901234567890',
      '1e999',
      '100.00000000000000001',
    ]) {
      const body = `{"price":{"amountMinor":${number},"currency":"USD"}}`;
      const { status, body: problem } = await shop().send({
        method: 'PATCH',
        path: `/api/products/${productId}`,
        token: admin,
        body,
      });
      assert.deepEqual([status, problem.errors?.[0].path], [400, 'price.amountMinor'], number);
    }
  });

  it('a number beyond its bounds is told them', async () => {
    const { admin, alice, productId } = shop();
    const messageFor = async (method: string, path: string, token: string, body: unknown) =>
      (await shop().send({ method, path, token, body })).body.errors?.[0].message;
    for (const amountMinor of [2_147_483_647, 9_007_199_254_740_992, 1e21, -1, 0.5])
      assert.equal(
        await messageFor('PATCH', `/api/products/${productId}`, admin, {
          price: { amountMinor, currency: 'USD' },
        }),
        'expected a whole number from 0 to 1000000000',
        String(amountMinor),
      );
    for (const quantity of [0, 10_001, 1e21])
      assert.equal(
        await messageFor('POST', '/api/orders', alice.token, {
          items: [{ productId, quantity }],
          payment: { method: CARD },
        }),
        'expected a whole number from 1 to 10000',
        String(quantity),
      );
  });

  it('a name has something to see, and turns no text', async () => {
    for (const name of [
      '\u200b',
      ' \u00a0\u3000',
      '\u2060\u200d\ufeff',
      '\u3164',
      '\u2800',
      '\u00ad',
      '\u{e0041}',
    ])
      assert.equal(answer(await rename({ name })), '400 validation_failed', JSON.stringify(name));
    for (const name of ['\u202egnp.exe', 'a\u2066b', 'a\u202ab', '\u2067x\u2069'])
      assert.equal(answer(await rename({ name })), '400 validation_failed', JSON.stringify(name));
    for (const name of ['Zoë', '王', 'שלום', '👩‍👩‍👧', "D'Arcy-Łukasz"])
      assert.equal((await rename({ name })).body.name, name);
  });
}
