import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeIssuerKey, RunningProduct, TestIssuer } from '@fissile/kit/testing';
import { toy as product, TOY_MAIN } from '@fissile/kit/testing/toy';
import type { AdviceReport } from '../advise/describe-advice.js';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));
const SHORT = ['--seconds', '5', '--cost-seconds', '4'];

describe('fissile advise', () => {
  let issuer: TestIssuer;
  let toy: RunningProduct;
  let folder: string;
  let signIn: (roles: readonly string[]) => Promise<string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-advise-'));
    issuer = await TestIssuer.start();
    const key = await makeIssuerKey('test', 'ES256');
    issuer.keys = [key];
    signIn = (roles) => issuer.sign(key, { sub: randomUUID(), roles });
    const settings = { EVENT_BUS: 'direct', AUTH_ROLES_CLAIM: 'roles', ...issuer.env };
    toy = await RunningProduct.start({ product, main: TOY_MAIN, cwd: folder, settings });
  });

  after(async () => {
    await toy.close();
    await issuer.stop();
    rmSync(folder, { recursive: true });
  });

  /** @param measured called when the product is measured, and needs its load no more */
  async function advise(words: readonly string[], token: string, measured?: () => void) {
    const child = spawn(process.execPath, [COMMAND, 'advise', '--url', toy.url, ...words], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ADMIN_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (line) => String(line).includes('three processes') && measured?.());
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await ended, stdout, stderr };
  }

  /** Has beta call alpha for each request, until the product is measured. */
  async function adviseUnderLoad(words: readonly string[], token: string) {
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) {
        const { status } = await toy.call('POST', '/api/beta/notes', { body: { text: randomUUID() } });
        assert.equal(status, 201);
      }
    };
    const clients = Promise.all([client(), client()]);
    const outcome = await advise(words, token, () => (isOver = true));
    isOver = true;
    await clients;
    return outcome;
  }

  it('predicts each split from what was measured, and does not advise one without a reason', async () => {
    const token = await signIn(['admin']);
    const topologies = join(folder, 'topologies.yaml');
    writeFileSync(topologies, 'apart:\n  gateway: [gateway]\n  alpha: [alpha]\n  beta: [beta]\n');
    const words = [...SHORT, '--topologies', topologies, '--json'];
    const { status, stdout, stderr } = await adviseUnderLoad(words, token);
    assert.equal(status, 0, stderr);
    const { measured, costs, predictions, advice } = JSON.parse(stdout) as AdviceReport;
    assert.deepEqual(
      predictions.map(({ label, processes }) => [label, processes]),
      [
        ['as now', 1],
        ['alpha apart', 2],
        ['beta apart', 2],
        ['apart', 3],
      ],
    );
    const calls = measured.calls.find(({ from, to }) => from === 'beta' && to === 'alpha');
    assert.ok(calls && calls.perSecond > 0);
    assert.ok(costs.calls.every(({ cpuMicros }) => cpuMicros >= 0));
    assert.ok(costs.process.residentBytes > 0);
    assert.ok(predictions.every(({ cpuMicros, medianMs }) => cpuMicros > 0 && medianMs !== null));
    const [now, ofAlpha] = predictions;
    assert.ok(now && ofAlpha);
    assert.ok(now.residentBytes < ofAlpha.residentBytes);
    assert.deepEqual(ofAlpha.failures, ['beta can be without alpha']);
    assert.equal(advice.label, 'as now');
  });

  it('refuses, and says what it expected', async () => {
    const admin = await signIn(['admin']);
    const person = await signIn([]);
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'some:\n  gateway: [gateway, gamma]\n');
    const quiet = await advise(['--seconds', '1'], admin);
    assert.equal(quiet.status, 1);
    assert.match(quiet.stderr, /are too few to judge by: expected 100/);
    const forbidden = await advise(['--seconds', '1'], person);
    assert.equal(forbidden.status, 1);
    assert.match(forbidden.stderr, /^403 forbidden/m);
    const missing = await advise(['--topologies', 'none.yaml'], admin);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^--topologies: none\.yaml does not exist$/m);
    const unfit = await advise(['--topologies', wrong], admin);
    assert.equal(unfit.status, 1);
    assert.match(unfit.stderr, /some: gateway hosts gamma, which is unknown/);
    const wordy = await advise(['--seconds', 'many'], admin);
    assert.equal(wordy.status, 2);
  });
});
