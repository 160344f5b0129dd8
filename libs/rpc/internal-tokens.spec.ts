import { Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { SharedSecret } from './identity/shared-secret.js';
import { InternalTokens } from './internal-tokens.js';

const SECRET = 'a-secret-of-enough-characters-for-a-product';
const NOW = Date.parse('2030-01-01T12:00:00Z');
const MINUTES = 60_000;

const processWith = (name: string, { clock = NOW, secret = SECRET } = {}): InternalTokens =>
  new InternalTokens(secret, name, () => clock);

describe('Tokens between processes', () => {
  afterEach(() => mock.restoreAll());

  for (const off of [-4 * MINUTES, -45_000, 45_000, 5 * MINUTES]) {
    it(`are good when a clock is off by ${off / 1000} seconds, on either side`, async () => {
      const right = processWith('alpha');
      const wrong = processWith('beta', { clock: NOW + off });
      await wrong.verify(await right.tokenFor('beta'), ['beta']);
      await right.verify(await wrong.tokenFor('alpha'), ['alpha']);
      assert.equal(right.failures.countOf('skew') + wrong.failures.countOf('skew'), 0);
    });
  }

  it('are refused for now when a clock is off by ten minutes, which is logged once and counted', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const wrong = processWith('beta', { clock: NOW + 10 * MINUTES });
    const token = await processWith('alpha').tokenFor('beta');
    for (let calls = 0; calls < 3; calls += 1) {
      await assert.rejects(wrong.verify(token, ['beta']), {
        code: 'unavailable',
        status: 503,
        retryable: true,
      });
    }
    assert.equal(wrong.failures.countOf('skew'), 3);
    assert.equal(wrong.failures.isRecent('skew'), true);
    assert.equal(error.mock.callCount(), 1);
    assert.match(String(error.mock.calls[0]?.arguments[0]), /a token of alpha is 600 seconds old.*\(skew\)$/);
  });

  it('from ten minutes ahead are refused as well: they would be good for longer than a token lives', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const right = processWith('alpha');
    const token = await processWith('beta', { clock: NOW + 10 * MINUTES }).tokenFor('alpha');
    await assert.rejects(right.verify(token, ['alpha']), { code: 'unavailable', status: 503 });
    assert.equal(right.failures.countOf('skew'), 1);
    assert.match(String(error.mock.calls[0]?.arguments[0]), /a token of beta is from 600 seconds ahead/);
  });

  it('of an earlier version, which do not say when they were made, are good', async () => {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'fissile-internal+jwt' })
      .setIssuer('beta')
      .setAudience('alpha')
      .setExpirationTime(NOW / 1000 + 60)
      .sign(new TextEncoder().encode(SECRET));
    assert.equal((await processWith('alpha').verify(token, ['alpha'])).name, 'beta');
  });

  it('are good again as soon as a clock that was ahead is right again', async () => {
    mock.method(Logger.prototype, 'error', () => undefined);
    let clock = NOW + 10 * MINUTES;
    const wrong = new InternalTokens(SECRET, 'beta', () => clock);
    const right = processWith('alpha');
    await assert.rejects(right.verify(await wrong.tokenFor('alpha'), ['alpha']), { code: 'unavailable' });
    clock = NOW;
    await right.verify(await wrong.tokenFor('alpha'), ['alpha']);
  });

  it('of another secret are refused for now, with that as the reason', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const token = await processWith('alpha', { secret: 'another-secret-of-enough-characters' }).tokenFor(
      'beta',
    );
    const beta = processWith('beta');
    await assert.rejects(beta.verify(token, ['beta']), { code: 'unavailable', status: 503 });
    assert.equal(beta.failures.countOf('secret'), 1);
    assert.equal(beta.failures.countOf('skew'), 0);
    assert.match(
      String(error.mock.calls[0]?.arguments[0]),
      /calls as alpha has another INTERNAL_AUTH_SECRET/,
    );
  });

  it('are good by both generations of the secret while it is being changed, and by the new one alone afterwards', async () => {
    const [old, next] = [SECRET, 'the-next-secret-of-enough-characters'];
    const secrets = { alpha: old, beta: old };
    const alpha = new InternalTokens(new SharedSecret(() => secrets.alpha), 'alpha');
    const beta = new InternalTokens(new SharedSecret(() => secrets.beta), 'beta');
    const trustEachOther = async (): Promise<void> => {
      await beta.verify(await alpha.tokenFor('beta'), ['beta']);
      await alpha.verify(await beta.tokenFor('alpha'), ['alpha']);
    };
    await trustEachOther();
    const signedByOld = await alpha.tokenFor('beta');
    // One process after the other: first all accept the new one, then all use it, then the old one goes.
    for (const generations of [`${old}\n${next}`, `${next}\n${old}`, next]) {
      secrets.alpha = generations;
      await trustEachOther();
      secrets.beta = generations;
      await trustEachOther();
    }
    mock.method(Logger.prototype, 'error', () => undefined);
    await assert.rejects(beta.verify(signedByOld, ['beta']), { code: 'unavailable' });
  });

  it('that are none, of another kind or for another context are refused for good, and are no failure of trust', async () => {
    const beta = processWith('beta');
    const otherKind = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setAudience('beta')
      .sign(new TextEncoder().encode('a-key-of-somebody-else-altogether'));
    for (const token of [undefined, 'nonsense', otherKind, await processWith('alpha').tokenFor('gamma')]) {
      await assert.rejects(beta.verify(token, ['beta']), { code: 'internal_port', status: 403 });
    }
    assert.equal(beta.failures.countOf('skew') + beta.failures.countOf('secret'), 0);
  });
});
