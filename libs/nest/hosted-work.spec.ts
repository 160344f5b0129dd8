import {
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { HostedWork } from './hosted-work.js';

const done: string[] = [];
let failing: string | undefined;

function loopOf(name: string) {
  @Injectable()
  class Loop implements OnApplicationBootstrap, OnModuleDestroy {
    onApplicationBootstrap(): void {
      if (failing === name) throw new Error(`${name} cannot start`);
      done.push(`${name} begins`);
    }

    onModuleDestroy(): void {
      done.push(`${name} ends`);
    }
  }
  return Loop;
}

@Module({ providers: [loopOf('shared')] })
class SharedModule {}

@Module({})
class OutboxModule {
  static of(context: string): DynamicModule {
    return {
      module: OutboxModule,
      providers: [{ provide: context, useClass: loopOf(`outbox of ${context}`) }],
    };
  }
}

@Module({ imports: [SharedModule, OutboxModule.of('alpha')], providers: [loopOf('alpha')] })
class AlphaModule {
  static readonly context = 'alpha';
}

@Module({ imports: [SharedModule, OutboxModule.of('beta')], providers: [loopOf('beta')] })
class BetaModule {
  static readonly context = 'beta';
}

@Module({ imports: [AlphaModule, BetaModule], providers: [HostedWork] })
class ApplicationModule {}

describe('What a context does by itself', () => {
  let app: INestApplicationContext;
  let work: HostedWork;

  before(async () => {
    app = await NestFactory.createApplicationContext(ApplicationModule, { logger: false });
    work = app.get(HostedWork);
  });

  after(() => app.close());

  beforeEach(async () => {
    failing = undefined;
    await work.start('alpha');
    done.length = 0;
  });

  it('ends and begins again, and what another context does or both share goes on', async () => {
    await work.stop('alpha');
    assert.deepEqual(done.toSorted(), ['alpha ends', 'outbox of alpha ends']);
    assert.equal(work.isRunning('alpha'), false);
    assert.equal(work.isRunning('beta'), true);
    done.length = 0;
    await work.start('alpha');
    assert.deepEqual(done.toSorted(), ['alpha begins', 'outbox of alpha begins']);
  });

  it('neither begins nor ends twice', async () => {
    await work.start('alpha');
    assert.deepEqual(done, []);
    await work.stop('alpha');
    done.length = 0;
    await work.stop('alpha');
    assert.deepEqual(done, []);
  });

  it('does not run in part: where one class cannot begin, the others end', async () => {
    await work.stop('alpha');
    done.length = 0;
    failing = 'alpha';
    await assert.rejects(work.start('alpha'), /alpha cannot start/);
    assert.equal(work.isRunning('alpha'), false);
    assert.ok(done.includes('outbox of alpha ends'));
  });
});
