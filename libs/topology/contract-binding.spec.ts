import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ContextError, HOSTABLE } from '#libs/contracts';
import { Inventory, type ReserveRequest } from '#libs/contracts/inventory';
import { Operations } from '#libs/contracts/operations';
import { Products, ProductStatus } from '#libs/contracts/products';
import { CallDeadline, currentCall, type Ending, runInCall, type TransportSettings } from '#libs/transport';
import { ContractBinding } from './contract-binding.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractRegistry } from './contract-registry.js';
import { FieldCopier, type MessageCopier, WireCopier } from './message-copier.js';
import { Placement } from './placement.js';
import type { TopologySettings } from './topology.settings.js';

for (const Copier of [WireCopier, FieldCopier]) {
  describe(`A contract bound to this process, copied by ${Copier.name}`, () => {
    before(() => Logger.overrideLogger(false));

    function bind(handlers: object) {
      const registry = new ContractRegistry();
      registry.add(Inventory, 'inventory', handlers as never);
      registry.add(Products, 'products', handlers as never);
      const binding = bindLocally(registry, new Copier());
      return {
        inventory: binding.client(Inventory, 'inventory'),
        products: binding.client(Products, 'products'),
      };
    }

    it('hands over copies, both ways', async () => {
      const kept: ReserveRequest[] = [];
      const product = {
        id: 'p',
        sku: 's',
        name: 'n',
        price: { amountMinor: 5, currency: 'USD' },
        status: ProductStatus.ACTIVE,
      };
      const { inventory, products } = bind({
        reserve: async (request: ReserveRequest) => {
          kept.push(request);
          return {};
        },
        getProducts: async () => ({ products: [product] }),
      });
      const request = { orderId: 'o', lines: [{ productId: 'p', quantity: 1 }] };
      await inventory.reserve(request);
      request.lines.push({ productId: 'q', quantity: 2 });
      assert.deepEqual(kept, [{ orderId: 'o', lines: [{ productId: 'p', quantity: 1 }] }]);
      const answer = await products.getProducts({ productIds: [] });
      assert.deepEqual(answer, { products: [product] });
      assert.notEqual(answer.products[0], product);
      assert.notEqual(answer.products[0]?.price, product.price);
    });

    it('lets pass only what the contract knows', async () => {
      let seen: unknown;
      const { inventory } = bind({
        release: async (request: unknown) => {
          seen = request;
          return { secret: 'x' };
        },
      });
      assert.deepEqual(await inventory.release({ orderId: 'o', more: 1 } as never), {});
      assert.deepEqual(seen, { orderId: 'o' });
    });

    it('tells errors of the catalogue as they are, and hides all others', async () => {
      const thrown = ContextError.of('stock_insufficient', 'None left', { productId: 'p' });
      const { inventory } = bind({
        reserve: async () => Promise.reject(thrown),
        release: async () => Promise.reject(new Error('password=hunter2')),
      });
      const error = await inventory.reserve({ orderId: 'o', lines: [] }).catch((caught: unknown) => caught);
      assert.ok(error instanceof ContextError && error !== thrown);
      assert.deepEqual(error.toRecord(), thrown.toRecord());
      await assert.rejects(inventory.release({ orderId: 'o' }), {
        code: 'internal_error',
        message: 'Something went wrong on our side',
      });
    });

    it('fails as unavailable when nobody implements it', async () => {
      const binding = bindLocally(new ContractRegistry(), new Copier());
      await assert.rejects(binding.client(Inventory, 'inventory').release({ orderId: 'o' }), {
        code: 'unavailable',
        retryable: true,
      });
    });
  });
}

describe('A call to a contract', () => {
  const bind = (handlers: object, options = {}) => {
    const registry = new ContractRegistry();
    registry.add(Inventory, 'inventory', handlers as never);
    registry.add(Operations, 'inventory', handlers as never);
    const binding = bindLocally(registry, new WireCopier(), options);
    return {
      inventory: binding.client(Inventory, 'inventory'),
      operations: binding.client(Operations, 'inventory'),
    };
  };

  it('ends at its deadline, and tells the work that nobody waits any more', async () => {
    let ending: Ending | undefined;
    const { inventory } = bind(
      {
        release: () => {
          ending = currentCall()?.ending;
          return new Promise(() => undefined);
        },
      },
      { timeoutMs: 30 },
    );
    await assert.rejects(inventory.release({ orderId: 'o' }), { code: 'deadline_exceeded', status: 504 });
    assert.ok(ending?.reason);
  });

  it('never waits longer than the request behind it', async () => {
    const deadlines: (number | undefined)[] = [];
    const { inventory } = bind({
      release: async () => {
        deadlines.push(currentCall()?.deadline);
        return {};
      },
    });
    const deadline = Date.now() + 400;
    await runInCall({ requestId: 'r', traceId: 't', deadline }, () => inventory.release({ orderId: 'o' }));
    assert.deepEqual(deadlines, [deadline]);
    const over = { requestId: 'r', traceId: 't', deadline: Date.now() - 1 };
    await assert.rejects(
      runInCall(over, () => inventory.release({ orderId: 'o' })),
      { code: 'deadline_exceeded' },
    );
    assert.equal(deadlines.length, 1, 'it was not made at all');
  });

  it('is called off when its caller leaves', async () => {
    const { inventory } = bind({ release: () => new Promise(() => undefined) });
    const client = new CallDeadline(60_000);
    const call = { requestId: 'r', traceId: 't', ending: client };
    const waiting = runInCall(call, () => inventory.release({ orderId: 'o' }));
    client.cancel();
    await assert.rejects(waiting, { code: 'cancelled' });
    client.release();
  });

  it('is made again when it did not reach its end, if it may safely be done twice', async () => {
    let tries = 0;
    const failing = async () => {
      tries += 1;
      if (tries < 3) throw ContextError.of('unavailable');
      return {};
    };
    const { inventory, operations } = bind({ release: failing, discardDeadLetter: failing });
    await inventory.release({ orderId: 'o' });
    assert.equal(tries, 3);
    tries = 0;
    await assert.rejects(operations.discardDeadLetter({ deadLetterId: 'd' }), { code: 'unavailable' });
    assert.equal(tries, 1);
  });

  it('is not made again for a refusal, nor when the budget of retries is used up', async () => {
    let tries = 0;
    let error = ContextError.of('stock_insufficient');
    const { inventory } = bind({
      reserve: async () => {
        tries += 1;
        throw error;
      },
    });
    const reserve = () => inventory.reserve({ orderId: 'o', lines: [] }).catch(() => undefined);
    await reserve();
    assert.equal(tries, 1);
    error = ContextError.of('unavailable');
    tries = 0;
    for (let call = 0; call < 10; call += 1) await reserve();
    assert.equal(tries, 10 + 10, 'ten calls, and the ten retries that the budget has');
  });

  it('can be done twice, to show what is idempotent in name only', async () => {
    let tries = 0;
    const { inventory } = bind(
      {
        release: async () => {
          tries += 1;
          return {};
        },
      },
      { twice: true },
    );
    await inventory.release({ orderId: 'o' });
    assert.equal(tries, 2);
  });
});

function bindLocally(
  registry: ContractRegistry,
  copier: MessageCopier,
  { timeoutMs = 5_000, twice = false } = {},
): ContractBinding {
  const place = { address: '', httpPort: 0, rpcPort: 0 };
  const self = { name: 'all', hosts: HOSTABLE, ...place };
  return new ContractBinding(
    new ContractDispatch(registry),
    undefined as never,
    new Placement('monolith', [{ ...self, places: [place] }], self),
    copier,
    { CALL_TIMEOUT_MS: timeoutMs } as TransportSettings,
    { CALL_IDEMPOTENT_TWICE: twice } as TopologySettings,
    { measure: (_call: unknown, make: () => Promise<unknown>) => make() } as never,
    undefined as never,
    undefined as never,
  );
}

describe('ContextError', () => {
  it('keeps a code that this process does not know', () => {
    const record = { code: 'from_the_future', message: 'm', status: 418, retryable: true, details: { a: 1 } };
    assert.deepEqual(ContextError.fromRecord(record).toRecord(), record);
  });
});
