import { Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it, mock } from 'node:test';
import { InternalTokens } from '../internal-tokens.js';
import type { Placement } from '../placement.js';
import { ANY_PROCESS } from '@fissile/kit/contract';
import { callingComponents } from './calling-components.js';
import { ConfiguredKeys } from './configured-keys.js';
import { isKeyOf, isKeySet } from './key-set.js';
import { LocalKeys } from './local-keys.js';
import { isProcessKey, ProcessKey } from './process-key.js';

const SECRET = 'a-secret-of-enough-characters-for-a-product';

const setOf = (keys: Readonly<Record<string, readonly ProcessKey[]>>): string =>
  JSON.stringify({
    keys: Object.entries(keys).flatMap(([process, own]) =>
      own.map(({ publicKey }) => ({ ...publicKey, process })),
    ),
  });

describe('A process with a key of its own', () => {
  let folder: string;
  const [alpha, beta] = [ProcessKey.generate(), ProcessKey.generate()];
  const setOfBoth = setOf({ alpha: [alpha], beta: [beta] });
  const keys = () => setOfBoth;
  const processWith = (name: string, key: ProcessKey, secret?: string) =>
    new InternalTokens(
      new ConfiguredKeys({
        key: () => key.export(),
        keys,
        ...(secret !== undefined && { secret: () => secret }),
      }),
      name,
    );

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-keys-'));
    mock.method(Logger.prototype, 'error', () => undefined);
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => mock.restoreAll());

  it('is itself for all that know the public keys', async () => {
    const token = await processWith('alpha', alpha).tokenFor('beta');
    assert.deepEqual(await processWith('beta', beta).verify(token, ['beta']), {
      name: 'alpha',
      hasOwnKey: true,
    });
  });

  it('cannot sign as another, with its own key or with what it knows of the other', async () => {
    const target = processWith('beta', beta);
    const forged = [
      await processWith('beta', alpha).tokenFor('beta'),
      // The public key as the secret of another algorithm.
      await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: 'fissile-internal+jwt', kid: beta.kid })
        .setIssuer('beta')
        .setAudience('beta')
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(new TextEncoder().encode(beta.publicKey.x)),
      await new InternalTokens(SECRET, 'beta').tokenFor('beta'),
    ];
    for (const token of forged) await assert.rejects(target.verify(token, ['beta']));
  });

  it('is refused for now while its key is not known, which is counted', async () => {
    const target = processWith('beta', beta);
    const token = await processWith('alpha', ProcessKey.generate()).tokenFor('beta');
    await assert.rejects(target.verify(token, ['beta']), { code: 'unavailable', status: 503 });
    assert.equal(target.failures.countOf('key'), 1);
  });

  it('changes its key without a stop: two are good at once, and texts are read again', async () => {
    const next = ProcessKey.generate();
    let [keyNow, keysNow] = [alpha.export(), setOfBoth];
    const target = new InternalTokens(
      new ConfiguredKeys({ keys: () => keysNow, secret: () => SECRET }),
      'beta',
    );
    const signer = new InternalTokens(
      new ConfiguredKeys({ key: () => keyNow, keys: () => keysNow }),
      'alpha',
    );
    const old = await signer.tokenFor('beta');
    keysNow = setOf({ alpha: [alpha, next], beta: [beta] });
    await target.verify(old, ['beta']);
    keyNow = next.export();
    const renewed = await signer.tokenFor('beta');
    assert.notEqual(renewed, old);
    await target.verify(renewed, ['beta']);
    await target.verify(old, ['beta']);
    keysNow = 'half a fi';
    await target.verify(renewed, ['beta']);
    keysNow = setOf({ alpha: [next], beta: [beta] });
    await assert.rejects(target.verify(old, ['beta']), { code: 'unavailable' });
    await target.verify(renewed, ['beta']);
  });

  it('lets a product go over from a shared secret: first all believe both, then all sign with keys, then the secret goes', async () => {
    const withSecret = new InternalTokens(SECRET, 'alpha');
    const both = new InternalTokens(new ConfiguredKeys({ keys, secret: () => SECRET }), 'beta');
    await both.verify(await withSecret.tokenFor('beta'), ['beta']);
    await withSecret.verify(await both.tokenFor('alpha'), ['alpha']);
    const signs = processWith('alpha', alpha, SECRET);
    await both.verify(await signs.tokenFor('beta'), ['beta']);
    await signs.verify(await both.tokenFor('alpha'), ['alpha']);
    await assert.rejects(processWith('beta', beta).verify(await withSecret.tokenFor('beta'), ['beta']));
  });

  it('makes its key at the start where no setting gives any, and knows the others of its machine', async () => {
    const join = (name: string) => new InternalTokens(LocalKeys.join(folder, name, [name]), name);
    const [one, other] = [join('one'), join('other')];
    const token = await one.tokenFor('other');
    assert.deepEqual(await other.verify(token, ['other']), { name: 'one', hasOwnKey: true, hosts: ['one'] });
    const stranger = new InternalTokens(LocalKeys.join(`${folder}/elsewhere`, 'one', ['one']), 'one');
    await assert.rejects(other.verify(await stranger.tokenFor('other'), ['other']), { code: 'unavailable' });
    const disguised = new InternalTokens(LocalKeys.join(folder, 'one', ['one']), 'other');
    await assert.rejects(one.verify(await disguised.tokenFor('one'), ['one']));
  });

  it('is told by its settings what is no key, and what is not its own', () => {
    assert.deepEqual([isProcessKey(alpha.export()), isProcessKey('nonsense')], [true, false]);
    assert.deepEqual([isKeySet(setOfBoth), isKeySet('{}'), isKeySet('{"keys":[]}')], [true, false, false]);
    assert.equal(isKeyOf('alpha', alpha.export(), setOfBoth), true);
    assert.equal(isKeyOf('beta', alpha.export(), setOfBoth), false);
  });

  it('calls for what its key says that it hosts, whatever it says itself and whatever the topology of another process says', async () => {
    const placement = { hostsOf: (name: string) => (name === 'alpha' ? ['alpha'] : undefined) } as Placement;
    const withHosts = (hosts: readonly string[]) =>
      JSON.stringify({ keys: [{ ...alpha.publicKey, process: 'alpha', hosts }] });
    const verified = (keysNow: string) =>
      new InternalTokens(new ConfiguredKeys({ keys: () => keysNow }), 'beta').verify(token, ['beta']);
    const signer = new ConfiguredKeys({ key: () => alpha.export() });
    const token = await new InternalTokens(signer, 'alpha', Date.now, ['gateway']).tokenFor('beta');
    const rolling = await verified(withHosts(['alpha', 'gamma']));
    assert.deepEqual(callingComponents(rolling, 'gamma', placement), ['gamma']);
    assert.throws(() => callingComponents(rolling, 'gateway', placement), { code: 'internal_port' });
    const unknown = await verified(JSON.stringify({ keys: [{ ...alpha.publicKey, process: 'alpha' }] }));
    const elsewhere = { hostsOf: () => undefined } as unknown as Placement;
    assert.throws(() => callingComponents(unknown, 'alpha', elsewhere), { code: 'internal_port' });
  });

  it('with a shared secret calls for what it says that it hosts: a name may stand for another process while a topology changes', async () => {
    const placement = { hostsOf: () => ['alpha'] } as unknown as Placement;
    const token = await new InternalTokens(SECRET, 'alpha', Date.now, ['alpha', 'gamma']).tokenFor('beta');
    const process = await new InternalTokens(SECRET, 'beta').verify(token, ['beta']);
    assert.deepEqual(callingComponents(process, 'gamma', placement), ['gamma']);
    assert.throws(() => callingComponents(process, 'gateway', placement), { code: 'internal_port' });
  });

  it('of an earlier version, which says nothing and which no topology has, calls for any: all share the secret', async () => {
    const placement = { hostsOf: () => undefined, product: { components: ['gateway', 'alpha'] } };
    const token = await new InternalTokens(SECRET, 'of another topology').tokenFor('beta');
    const process = await new InternalTokens(SECRET, 'beta').verify(token, ['beta']);
    const callers = callingComponents(process, undefined, placement as unknown as Placement);
    assert.deepEqual(callers, ['gateway', 'alpha', ANY_PROCESS]);
  });
});
