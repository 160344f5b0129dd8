import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ContextError } from '#libs/contracts';
import { Inventory, type ReserveRequest } from '#libs/contracts/inventory';
import { Products, ProductStatus } from '#libs/contracts/products';
import { ContractBinding } from './contract-binding.js';
import { ContractRegistry } from './contract-registry.js';
import { FieldCopier, WireCopier } from './message-copier.js';

for (const Copier of [WireCopier, FieldCopier]) {
  describe(`A contract bound to this process, copied by ${Copier.name}`, () => {
    before(() => Logger.overrideLogger(false));

    function bind(handlers: object) {
      const registry = new ContractRegistry();
      registry.add(Inventory, 'inventory', handlers as never);
      registry.add(Products, 'products', handlers as never);
      const binding = new ContractBinding(registry, new Copier());
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
      const binding = new ContractBinding(new ContractRegistry(), new Copier());
      await assert.rejects(binding.client(Inventory, 'inventory').release({ orderId: 'o' }), {
        code: 'unavailable',
        retryable: true,
      });
    });
  });
}

describe('ContextError', () => {
  it('keeps a code that this process does not know', () => {
    const record = { code: 'from_the_future', message: 'm', status: 418, retryable: true, details: { a: 1 } };
    assert.deepEqual(ContextError.fromRecord(record).toRecord(), record);
  });
});
