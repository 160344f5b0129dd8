import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientGrpc,
  ClientProxyFactory,
  GrpcMethod,
  MessagePattern,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { resolve } from 'node:path';
import { firstValueFrom, type Observable } from 'rxjs';
import { ANSWER, REQUEST } from '../sample.js';
import { type Call, readMeeting, standReady } from '../side.js';

/**
 * Nest's own microservices as its manual shows them: a controller, and a client that sends JSON; over gRPC a .proto
 * file.
 */
const PATTERN = 'products.getProducts';
const QUEUE = 'bench-plain-nest';
const CONTRACTS = resolve('contracts');

@Controller()
class ProductsController {
  @MessagePattern(PATTERN)
  getProducts(): object {
    return ANSWER;
  }

  @GrpcMethod('Products', 'GetProducts')
  getProductsOverGrpc(): object {
    return ANSWER;
  }
}

@Module({ controllers: [ProductsController] })
class ProductsModule {}

const { role, transport, port, broker } = readMeeting();

if (role === 'callee') {
  const app = await NestFactory.createMicroservice(ProductsModule, { ...optionsOf(), logger: ['error'] });
  await app.listen();
  await standReady();
} else {
  await standReady(transport === 'grpc' ? connectOverGrpc() : await connect());
}

async function connect(): Promise<Call> {
  const client = ClientProxyFactory.create(optionsOf() as never);
  await client.connect();
  return () => firstValueFrom(client.send(PATTERN, REQUEST));
}

function connectOverGrpc(): Call {
  const client = ClientProxyFactory.create(optionsOf() as never) as unknown as ClientGrpc;
  const products = client.getService<{ getProducts(request: object): Observable<unknown> }>('Products');
  return () => firstValueFrom(products.getProducts(REQUEST));
}

function optionsOf(): MicroserviceOptions {
  switch (transport) {
    case 'grpc':
      return {
        transport: Transport.GRPC,
        options: {
          url: `127.0.0.1:${port}`,
          package: 'fissile.products.v1',
          protoPath: 'products/products.proto',
          loader: { includeDirs: [CONTRACTS] },
        },
      };
    case 'tcp':
      return { transport: Transport.TCP, options: { host: '127.0.0.1', port } };
    case 'nats':
      return { transport: Transport.NATS, options: { servers: [broker.replace('nats://', '')] } };
    case 'rmq':
      return {
        transport: Transport.RMQ,
        options: { urls: [broker], queue: QUEUE, queueOptions: { durable: false }, persistent: false },
      };
    default: {
      const { hostname: host, port: at } = new URL(broker);
      return { transport: Transport.REDIS, options: { host, port: Number(at) } };
    }
  }
}
