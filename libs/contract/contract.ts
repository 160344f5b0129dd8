import type { Callers } from './callers.js';

/**
 * Encodes, decodes and copies one kind of message. Reader and writer are not named: those of a CommonJS application are other
 * types than those of the kit.
 */
export interface MessageCodec {
  encode(message: never): { finish(): Uint8Array };
  decode(input: Uint8Array): unknown;
  fromPartial(object: never): unknown;
}

export interface ContractMethod {
  readonly name: string;
  readonly requestType: MessageCodec;
  readonly requestStream: boolean;
  readonly responseType: MessageCodec;
  readonly responseStream: boolean;
  readonly options: { readonly idempotencyLevel?: 'IDEMPOTENT' | 'NO_SIDE_EFFECTS' };
}

/** What the generator makes of a `service` in a .proto file. */
export interface ContractDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, ContractMethod>>;
}

type MessageOf<C> = C extends { decode(...args: never[]): infer T } ? T : never;

/** The methods of a contract as its callers and its implementation see them: plain data in, plain data out. */
export type Methods<D extends ContractDefinition> = {
  [M in keyof D['methods']]: (
    request: MessageOf<D['methods'][M]['requestType']>,
  ) => Promise<MessageOf<D['methods'][M]['responseType']>>;
};

/** A contract's class: the type that callers ask for and the token that Nest injects. */
export interface Contract<D extends ContractDefinition = ContractDefinition> {
  readonly definition: D;
  readonly traits: ContractTraits;
}

/** What is true of a contract and cannot be said in its .proto file. */
export interface ContractTraits {
  /** Methods that wait for an external service, and may take up to the longest time of any call. */
  readonly longRunning?: readonly string[];
  /** Who may call it; without them, every component of the product. */
  readonly callers?: Callers;
  /** Methods for operators: the token of an admin must travel with the call, and is verified where it arrives. */
  readonly needsAdmin?: 'all' | readonly string[];
}

/** What a class that implements a contract must have. */
export type Implementation<C extends Contract> = Methods<C['definition']>;

/**
 * The base of a contract's class. `abstract class Billing extends contract(BillingDefinition) {}` gives a class
 * with the typed methods of the service; which object stands behind it is decided by the placement, not by the caller.
 */
export function contract<D extends ContractDefinition>(
  definition: D,
  traits: {
    readonly longRunning?: readonly (keyof D['methods'] & string)[];
    readonly callers?: readonly string[] | { readonly [M in keyof D['methods']]?: readonly string[] };
    readonly needsAdmin?: 'all' | readonly (keyof D['methods'] & string)[];
  } = {},
): ContractBase<D> {
  abstract class Base {
    static readonly definition = definition;
    static readonly traits = traits;
  }
  return Base as unknown as ContractBase<D>;
}

type ContractBase<D extends ContractDefinition> = Contract<D> & (abstract new () => Methods<D>);
