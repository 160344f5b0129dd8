import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { isKeyOf } from '@fissile/kit/rpc';
import { COMPONENTS } from '#contracts';
import { readCompose } from './compose.js';
import { interpolated, readEnv } from './env-file.js';

const run = promisify(execFile);

describe('deploy/make-env.sh', () => {
  let folder: string;
  let path: string;
  const make = (): Buffer => execFileSync('sh', ['deploy/make-env.sh', path]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-env-'));
    path = join(folder, '.env');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives each process a key, tells all which key is whose, and lets nobody else read the file', () => {
    make();
    const env = readEnv(path);
    const { INTERNAL_AUTH_KEYS: known } = env;
    for (const name of COMPONENTS) {
      const key = env[`${name.toUpperCase()}_INTERNAL_KEY`] ?? '';
      for (const other of COMPONENTS) {
        assert.equal(isKeyOf(other, key, known), other === name, `${name} as ${other}`);
      }
    }
    assert.equal(statSync(path).mode & 0o077, 0);
  });

  it('changes nothing that is there, and adds what is not, so that events under way stay good', () => {
    make();
    const before = readFileSync(path, 'utf8');
    const names = Object.keys(readEnv(path));
    make();
    assert.equal(readFileSync(path, 'utf8'), before);
    writeFileSync(path, 'POSTGRES_PASSWORD=mine\nINTERNAL_AUTH_SECRET=of-an-earlier-version');
    make();
    const env = readEnv(path);
    assert.equal(env['POSTGRES_PASSWORD'], 'mine');
    assert.equal(env['BROKER_SECRET'], 'of-an-earlier-version');
    assert.deepEqual(Object.keys(env).sort(), [...names, 'INTERNAL_AUTH_SECRET'].sort());
  });

  it('leaves nothing that a process of docker-compose.yml would refuse', async () => {
    make();
    const variables = readEnv(path);
    const { services } = readCompose(readFileSync('docker-compose.yml', 'utf8'));
    // The others are given the same, each with its own key.
    for (const app of ['monolith', 'gateway', 'orders']) {
      // Consul is in a profile of its own, and would be asked.
      const chosen = {
        NODE_ENV: 'production',
        CONSUL_URL: '',
        ...(app !== 'monolith' && { EVENT_BUS: 'nats' }),
      };
      const given = Object.entries({ ...services[app]?.environment, ...chosen });
      const env = given.map(([name, value]) => [name, interpolated(String(value), variables)]);
      const { stdout } = await run(process.execPath, [`dist/apps/${app}/src/main.js`, 'config'], {
        env: { PATH: process.env['PATH'], PORT: '3000', ...Object.fromEntries(env) },
      });
      assert.ok(stdout.startsWith(`Settings of ${app}\n`), stdout);
    }
  });
});
