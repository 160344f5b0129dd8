import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, it, mock } from 'node:test';
import { ContextError } from '@fissile/kit/contract';
import type { TokenIssuer } from '@fissile/kit/contract';
import { TOKEN_ALGORITHM } from './access-token.js';
import { SigningKeys } from './signing-keys.js';

describe('The signing keys that a process knows', () => {
  let published: string[];
  let requests: number;
  let fault: ContextError | undefined;
  let keys: SigningKeys;

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    published = [keyNamed('old')];
    requests = 0;
    fault = undefined;
    const issuer = {
      getSigningKeys: async () => {
        requests += 1;
        if (fault) throw fault;
        return { keys: published };
      },
    };
    keys = new SigningKeys(issuer as unknown as TokenIssuer);
  });

  const find = async (kid: string) => keys.find({ alg: TOKEN_ALGORITHM, kid }, {} as never);

  it('are fetched again when a token names a new one, once for all concurrent callers', async () => {
    await find('old');
    mock.timers.tick(2_001);
    published.push(keyNamed('new'));
    await Promise.all(Array.from({ length: 10 }, () => find('new')));
    assert.equal(requests, 2);
  });

  it('are not fetched again for each token that names an unknown one', async () => {
    await find('old');
    for (let count = 0; count < 10; count += 1) await assert.rejects(find('made-up'));
    assert.equal(requests, 1);
  });

  it('that are unknown while the issuer is down are answered with unavailable, not with unauthenticated', async () => {
    fault = ContextError.of('unavailable');
    await assert.rejects(find('old'), { code: 'unavailable' });
    await assert.rejects(find('old'), { code: 'unavailable' });
    fault = undefined;
    await find('old');
  });

  function keyNamed(kid: string): string {
    const { publicKey } = generateKeyPairSync('ed25519');
    return JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid, alg: TOKEN_ALGORITHM, use: 'sig' });
  }
});
