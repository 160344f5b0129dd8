import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contract, type MessageCodec } from './contract.js';
import { Operations } from './kit-contracts/operations.js';
import { defineProduct } from './product.js';
import type { TokenIssuerContract } from './token-issuer.js';

/** Messages of a type; only the compiler looks at them here. */
interface Codec<T> extends MessageCodec {
  decode(): T;
}

function method<Request, Response>(name: string) {
  return {
    name,
    requestType: {} as Codec<Request>,
    requestStream: false,
    responseType: {} as Codec<Response>,
    responseStream: false,
    options: {},
  };
}

const getSigningKeys = method<object, { keys: string[] }>('GetSigningKeys');
const listRevocations = method<
  { since: Date | undefined },
  { revocations: { subjectId: string; revokedAt: Date | undefined }[] }
>('ListRevocations');

abstract class Complete extends contract({
  name: 'Complete',
  fullName: 'tests.Complete',
  methods: { getSigningKeys, listRevocations },
}) {}

abstract class KeysOnly extends contract({
  name: 'KeysOnly',
  fullName: 'tests.KeysOnly',
  methods: { getSigningKeys },
}) {}

abstract class OtherKeys extends contract({
  name: 'OtherKeys',
  fullName: 'tests.OtherKeys',
  methods: { getSigningKeys: method<object, { keys: number[] }>('GetSigningKeys'), listRevocations },
}) {}

it('A contract without the methods of a token issuer does not compile as one', () => {
  const described = { name: 'tests', description: 'tests', contexts: [] };
  const { tokenIssuer } = defineProduct({ ...described, tokenIssuer: Complete });
  assert.equal(tokenIssuer, Complete);
  // @ts-expect-error it has neither method
  defineProduct({ ...described, tokenIssuer: Operations });
  // @ts-expect-error it cannot list revocations
  const keysOnly: TokenIssuerContract = KeysOnly;
  // @ts-expect-error its keys are no text
  const otherKeys: TokenIssuerContract = OtherKeys;
  assert.notEqual(keysOnly, otherKeys);
});
