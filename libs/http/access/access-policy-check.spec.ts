import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessPolicyCheck } from './access-policy-check.js';
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

describe('A route that does not say who may call it', () => {
  it('stops the start, by name', async () => {
    const app = await NestFactory.createApplicationContext(TestModule, {
      logger: false,
      abortOnError: false,
    }).catch((error: unknown) => error);
    assert.match(String(app), /declare no access policy: OpenController\.forgotten$/);
  });
});
