import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newTotpSecret, otpauthUri, readTotpCode, timeStepOf } from './totp.js';

/** The ASCII text 12345678901234567890 of RFC 6238, appendix B, in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Seconds, and the code of eight digits. Those of six digits are its end. */
const RFC_VECTORS = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const;

describe('A code by time', () => {
  it('is what RFC 6238 has in its test vectors', () => {
    for (const [seconds, code] of RFC_VECTORS)
      assert.equal(timeStepOf(RFC_SECRET, code.slice(2), seconds * 1000), Math.floor(seconds / 30), code);
  });

  it('is good in its own step, the one before and the one after, and no other', () => {
    const [, code] = RFC_VECTORS[3];
    const step = 1_234_567_890 / 30;
    const stepSeenIn = (other: number) => timeStepOf(RFC_SECRET, code.slice(2), other * 30_000);
    assert.deepEqual(
      [-2, -1, 0, 1, 2].map((ago) => stepSeenIn(step + ago)),
      [undefined, step, step, step, undefined],
    );
  });

  it('is nothing else', () => {
    for (const code of ['', '000000', '94287082', '28708', '2870822', '２８７０８２'])
      assert.equal(timeStepOf(RFC_SECRET, code, 59_000), undefined, code);
  });

  it('is recognised with spaces, as apps show it', () => {
    assert.equal(readTotpCode(' 287 082 '), '287082');
    for (const other of ['', '28708', '2870820', 'ABCDEF-GHIJKL', '２８７０８２'])
      assert.equal(readTotpCode(other), undefined, other);
  });
});

describe('The secret of an app', () => {
  it('has 160 bits, and is another one each time', () => {
    assert.match(newTotpSecret(), /^[A-Z2-7]{32}$/);
    assert.notEqual(newTotpSecret(), newTotpSecret());
  });

  it('is in a URI that says whose it is and where', () => {
    const uri = new URL(otpauthUri(RFC_SECRET, 'ada@example.com', 'clinic.example'));
    assert.equal(decodeURIComponent(uri.pathname), '/clinic.example:ada@example.com');
    const parameters = { issuer: 'clinic.example', secret: RFC_SECRET, digits: '6', period: '30' };
    for (const [name, value] of Object.entries(parameters))
      assert.equal(uri.searchParams.get(name), value, name);
    assert.equal(uri.searchParams.get('algorithm'), 'SHA1');
    assert.doesNotMatch(otpauthUri(RFC_SECRET, 'ada@example.com', undefined), /issuer/);
  });
});
