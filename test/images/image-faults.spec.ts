import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthCommand, type Image, imageFaults, strayFiles } from './image-faults.js';

const HEALTH = { Test: ['CMD', 'node', '--eval', '0'] };

function image(change: Partial<Image['Config']> = {}): Image {
  return {
    Size: 1,
    Config: {
      User: '1000:1000',
      Env: ['NODE_ENV=production'],
      Cmd: ['node', 'dist/apps/orders/src/main.js'],
      StopSignal: 'SIGTERM',
      Healthcheck: HEALTH,
      ...change,
    },
  };
}

describe('An image', () => {
  it('is well when it starts its app as a user, has a health check and keeps no secret', () => {
    assert.deepEqual(imageFaults(image(), 'orders'), []);
  });

  it('is refused when it starts another app, runs as root, keeps a secret, or has no health check or stop signal', () => {
    const faults = (change: Partial<Image['Config']>) => imageFaults(image(change), 'orders').join();
    assert.match(faults({ User: '' }), /root/);
    assert.match(faults({ User: '0:0' }), /root/);
    assert.match(faults({ Env: ['ADMIN_PASSWORD=hunter2'] }), /^ADMIN_PASSWORD stays in it$/);
    assert.match(faults({ Cmd: ['node', 'dist/apps/users/src/main.js'] }), /users/);
    assert.match(faults({ StopSignal: 'SIGKILL' }), /SIGKILL/);
    assert.match(faults({ Healthcheck: { Test: [] } }), /no health/);
  });

  it('may have its health check where Podman has it', () => {
    const { Size, Config } = image();
    const { Healthcheck, ...rest } = Config;
    assert.deepEqual(healthCommand({ Size, Config: rest, ...(Healthcheck && { Healthcheck }) }), [
      'node',
      '--eval',
      '0',
    ]);
  });

  it('holds no package that only builds and tests need, no test, no source and nothing with a secret', () => {
    const lock = { packages: { 'node_modules/rxjs': {}, 'node_modules/a/node_modules/b': { dev: true } } };
    const wanted = [
      'node_modules/rxjs/package.json',
      'dist/apps/orders/src/main.js',
      'libs/contract/proto/a/a.proto',
    ];
    const stray = [
      'node_modules/a/node_modules/b/package.json',
      'node_modules/x/.npmrc',
      '.env',
      'libs/dist/saga/saga.spec.js',
      'libs/dist/saga/saga.js.map',
      'apps/orders/src/main.ts',
    ];
    assert.deepEqual(strayFiles([...wanted, ...stray], lock), stray);
  });
});
