import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** The minimal Nest server with Fastify: the cost of a Fissile process that does nothing. */
@Controller()
class AnyController {
  @Get(['health/ready', 'api/products'])
  answer(): object {
    return {};
  }
}

@Module({ controllers: [AnyController] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
});
process.once('SIGTERM', () => void app.close());
await app.listen(Number(process.env['PORT']), '127.0.0.1');
