import type { ContextName } from './contexts.js';
import { CONTEXTS } from './contexts.js';
import type { Contract } from './contract.js';
import { Access } from './access/index.js';
import { Events } from './events/index.js';
import { Inventory } from './inventory/index.js';
import { Operations } from './operations/index.js';
import { Orders } from './orders/index.js';
import { Payments } from './payments/index.js';
import { Products } from './products/index.js';
import { Users } from './users/index.js';

export interface ContextContract {
  readonly contract: Contract;
  readonly context: ContextName;
}

/** The contract of each context that has one of its own; business code asks for these by their class. */
export const OWN_CONTRACTS: readonly ContextContract[] = [
  { contract: Users, context: 'users' },
  { contract: Products, context: 'products' },
  { contract: Inventory, context: 'inventory' },
  { contract: Orders, context: 'orders' },
  { contract: Payments, context: 'payments' },
];

/** Those that every context serves. */
const COMMON_CONTRACTS: readonly Contract[] = [Access, Events, Operations];

/** Every contract, with the context that serves it. */
export const ALL_CONTRACTS: readonly ContextContract[] = [
  ...OWN_CONTRACTS,
  ...CONTEXTS.flatMap((context) => COMMON_CONTRACTS.map((contract) => ({ contract, context }))),
];
