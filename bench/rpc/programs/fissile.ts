import { Injectable, Module, type OnApplicationBootstrap, type Provider, type Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Component } from '@fissile/kit/contract';
import { CONTEXTS, shop } from '#contracts';
import { type GetProductsResponse, Products } from '#contracts/products';
import { Users } from '#contracts/users';
import { ThrottlingModule } from '@fissile/kit/gateway';
import { type HostedModule, serve } from '@fissile/kit/runtime';
import { implement } from '@fissile/kit/rpc';
import { CallDeadline, runInCall } from '@fissile/kit/request';
import { ANSWER, REQUEST } from '../sample.js';
import { standReady } from '../side.js';

/**
 * Fissile processes as production runs them, with a catalogue that responds from memory: this measures only the call.
 * The callee hosts products, the caller everything else; a single process hosts all.
 */
@Injectable()
class RememberedProducts {
  async getProducts(): Promise<GetProductsResponse> {
    return ANSWER;
  }
}

@Injectable()
class NobodyRevoked {
  async listRevocations(): Promise<object> {
    return { revocations: [] };
  }
}

/** Makes its calls within a request context, which has ids and a deadline. */
@Injectable()
class Caller implements OnApplicationBootstrap {
  constructor(private readonly products: Products) {}

  onApplicationBootstrap(): void {
    const cancellation = new CallDeadline(6 * 3_600_000);
    const request = {
      requestId: randomUUID(),
      traceId: randomUUID().replaceAll('-', ''),
      deadline: cancellation.at,
      cancellation,
    };
    const call = () => runInCall(request, () => this.products.getProducts(REQUEST));
    void until(call).then(() => standReady(call));
  }
}

/** The other side may start later. */
async function until(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

@Injectable()
class Callee implements OnApplicationBootstrap {
  onApplicationBootstrap(): void {
    void standReady();
  }
}

function moduleOf(context: Component, providers: Provider[], imports: Type[] = []): HostedModule {
  @Module({ imports, providers })
  class BenchModule {
    static readonly context = context;
  }
  return BenchModule as HostedModule;
}

const role = process.env['BENCH_ROLE'];
const users = [NobodyRevoked, implement(Users, 'users', NobodyRevoked as unknown as Type<Users>)];
const products = [RememberedProducts, implement(Products, 'products', RememberedProducts)];
const empty = CONTEXTS.filter((context) => context !== 'users' && context !== 'products');
const caller = [
  moduleOf('gateway', [Caller], [ThrottlingModule]),
  moduleOf('users', users),
  ...empty.map((context) => moduleOf(context, [])),
];

if (role === 'callee') await serve(shop, moduleOf('products', [...products, Callee]));
else if (role === 'caller') await serve(shop, ...caller);
else await serve(shop, ...caller, moduleOf('products', products));
