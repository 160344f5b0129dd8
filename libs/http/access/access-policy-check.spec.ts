import { Controller, Get, Module, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessPolicyCheck } from './access-policy-check.js';
import { AccessPolicyModule } from './access-policy.module.js';
import { Public } from './access.js';

@Controller('open')
class OpenController {
  @Get()
  @Public()
  declared(): void {}

  @Get('forgotten')
  forgotten(): void {}
}

@Public()
@Controller('closed')
class ClosedController {
  @Get()
  whole(): void {}
}

@Module({
  imports: [DiscoveryModule],
  controllers: [OpenController, ClosedController],
  providers: [AccessPolicyCheck],
})
class TestModule {}

@Module({ controllers: [OpenController] })
class ApplicationModule {}

@Module({ controllers: [ClosedController] })
class ContextModule {}

describe('A route that does not say who may call it', () => {
  it('stops the start, by name', async () => {
    const app = await NestFactory.createApplicationContext(TestModule, {
      logger: false,
      abortOnError: false,
    }).catch((error: unknown) => error);
    assert.match(String(app), /declare no access policy: OpenController\.forgotten$/);
  });

  it('stops nothing in a module of an application, which is not asked', async () => {
    const start = (asked: Type) => {
      @Module({ imports: [ApplicationModule, ContextModule, AccessPolicyModule.forModules([asked])] })
      class WholeModule {}
      return NestFactory.createApplicationContext(WholeModule, { logger: false, abortOnError: false });
    };
    await (await start(ContextModule)).close();
    await assert.rejects(start(ApplicationModule), /OpenController\.forgotten$/);
  });
});
