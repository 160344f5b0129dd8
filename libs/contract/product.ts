import type { Contract } from './contract.js';
import { type ErrorDescription, registerErrors } from './error-catalogue.js';
import { type EventType, eventNameOf } from './event.js';
import { Events } from './kit-contracts/events.js';
import { Operations } from './kit-contracts/operations.js';
import { PersonalData } from './kit-contracts/personal-data.js';
import { callersOfProcesses, Processes } from './kit-contracts/processes.js';
import { ANY_PROCESS, type Callers } from './callers.js';
import { nameCallers } from './method-rules.js';
import { KIT_AUDIT_ACTIONS } from './product-names.js';
import type { TokenIssuerContract } from './token-issuer.js';

/** The name of a bounded context, in small letters: part of URLs, of the names of databases, and of settings. */
export type ContextName = string;

/** What a process can host: a context, or the gateway. */
export type Component = string;

export const GATEWAY: Component = 'gateway';

/** What every process has to know of a context, whether it hosts it or not. */
export interface ContextDefinition<
  Name extends string = string,
  ErrorCodes extends string = string,
  Actions extends string = string,
  Subscribes extends readonly EventType[] = readonly EventType[],
> {
  readonly name: Name;
  /** What it is for, in a sentence: the documentation of the API and of the events says it. */
  readonly description?: string;
  /** What other contexts may call; none for a context that only listens. */
  readonly contract?: Contract;
  /**
   * Who may call its contract: components, or `process` for every process; the same for all methods, or by method. Without them
   * every component of the product may.
   */
  readonly callers?: Callers;
  readonly publishes: readonly EventType[];
  /**
   * The events that it handles, so that a broker keeps them for it before it has ever run. `Inbox.subscribe` takes a handler
   * for each.
   */
  readonly subscribes: Subscribes;
  /** The events that its sagas wait for, which need no handler. */
  readonly awaits: readonly EventType[];
  readonly errors: Readonly<Record<ErrorCodes, ErrorDescription>>;
  readonly auditActions: readonly Actions[];
  /** Where its public paths begin; everything below them belongs to it too. */
  readonly paths: readonly string[];
  /**
   * What its own tables keep of a person; none for a context that keeps nothing. With any, its module says by
   * `keepsPersonalData` how it is exported and erased.
   */
  readonly personal: readonly PersonalDataKept[];
}

/** Something that a context keeps of a person, in plain words for who has to answer for it. */
export interface PersonalDataKept {
  /** Such as `what was ordered and when, by the id of the account`. */
  readonly data: string;
  /** What becomes of it when the account is erased, such as `deleted`, or why and how it stays. */
  readonly erasure: string;
}

type Described<C extends ContextDefinition> = Pick<C, 'name' | 'contract'> & Partial<C>;

const NAME = /^[a-z][a-z0-9]{0,29}$/;

/**
 * Describes a bounded context: everything that other contexts, the gateway, databases and brokers need to know of it follows
 * from this. Its errors are known from here on. Without `paths`, `/api/<name>` is its own.
 * @throws Error for a name that cannot be part of a URL, a database's name and a setting's, and for callers of no method
 */
export function defineContext<
  const Name extends string,
  ErrorCodes extends string = never,
  const Actions extends string = never,
  const Subscribes extends readonly EventType[] = readonly [],
>(
  described: Described<ContextDefinition<Name, ErrorCodes, Actions, Subscribes>>,
): ContextDefinition<Name, ErrorCodes, Actions, Subscribes> {
  const { name } = described;
  if (!NAME.test(name) || name === GATEWAY) {
    throw new Error(`a context cannot be called ${name}: expected up to 30 small letters and digits`);
  }
  const context = {
    publishes: [],
    subscribes: [] as unknown as Subscribes,
    awaits: [],
    errors: {} as Record<ErrorCodes, ErrorDescription>,
    auditActions: [],
    paths: [`/api/${name}`],
    personal: [],
    ...described,
  };
  registerErrors(context.errors);
  if (context.contract && context.callers) nameCallers(context.contract, context.callers);
  return context;
}

/** The events that a context handles, and those that its sagas wait for. */
export function handledEvents({
  subscribes,
  awaits,
}: Pick<ContextDefinition, 'subscribes' | 'awaits'>): readonly EventType[] {
  return [...subscribes, ...awaits];
}

/** A contract that a context serves. */
export interface ServedContract {
  readonly contract: Contract;
  readonly context: ContextName;
}

/** A page for people that the gateway serves, beside the API documentation. */
export interface ProductPage {
  /** The label that the start prints, such as `console`. */
  readonly name: string;
  readonly path: string;
  /** Nothing links to it in production, where the product itself has to refuse it. */
  readonly outsideProduction?: true;
}

/** How operators find a thing of the product by its id. Both paths have `{id}` in the place of the id. */
export interface FindLink {
  /** What it is, such as `visit`. */
  readonly kind: string;
  /** Where the API answers it to admins, such as `/api/visits/{id}`; with 404 when there is none. */
  readonly api: string;
  /** The page that shows it, such as `/reception#/visits/{id}`. */
  readonly page: string;
}

export interface ProductDescription<C extends ContextDefinition = ContextDefinition> {
  readonly name: string;
  /** A sentence for the API documentation. */
  readonly description: string;
  readonly contexts: readonly C[];
  /**
   * The contract that signs access tokens: it has the methods of `TokenIssuer`. Without one, nothing that needs a token
   * is answered.
   */
  readonly tokenIssuer?: TokenIssuerContract;
  /** Defaults of settings that differ from the kit's, as text. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly pages?: readonly ProductPage[];
  /** What the console finds by its id, beside what the kit knows. */
  readonly findLinks?: readonly FindLink[];
  /** Where the .proto files of its contracts are, at `<context>/<context>.proto`, for gRPC reflection. */
  readonly protoFolder?: string;
}

/** Those that every context serves. */
const COMMON_CONTRACTS: readonly Contract[] = [Events, Operations, PersonalData];

/** A product: its contexts, and what follows from them. Nest injects it by this class. */
export class Product<C extends ContextDefinition = ContextDefinition> {
  readonly name: string;
  readonly description: string;
  readonly contexts: readonly C[];
  readonly contextNames: readonly C['name'][];
  /** The gateway and the contexts: what processes can host. */
  readonly components: readonly Component[];
  readonly tokenIssuer: TokenIssuerContract | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly pages: readonly ProductPage[];
  readonly findLinks: readonly FindLink[];
  readonly protoFolder: string | undefined;
  /** What is recorded in audit logs, the kit's own actions first. */
  readonly auditActions: readonly string[];

  constructor({ settings = {}, pages = [], findLinks = [], ...described }: ProductDescription<C>) {
    const { name, description, contexts, tokenIssuer, protoFolder } = described;
    this.name = name;
    this.description = description;
    this.contexts = contexts;
    this.contextNames = contexts.map((context) => context.name);
    this.components = [GATEWAY, ...this.contextNames];
    this.tokenIssuer = tokenIssuer;
    this.settings = settings;
    this.pages = pages;
    this.findLinks = findLinks;
    this.protoFolder = protoFolder;
    this.auditActions = [...KIT_AUDIT_ACTIONS, ...contexts.flatMap(({ auditActions }) => auditActions)];
  }

  /** The contract of each context that has one; business code asks for these by their class. */
  get contracts(): readonly ServedContract[] {
    return this.contexts.flatMap(({ contract, name: context }) => (contract ? [{ contract, context }] : []));
  }

  /** Those, what the kit lets every context serve, and what every process does. */
  get allContracts(): readonly Contract[] {
    return [...this.contracts.map(({ contract }) => contract), ...COMMON_CONTRACTS, Processes];
  }

  /** The beginnings of the public paths of a context; everything below them is its too. */
  pathsOf(context: ContextName): readonly string[] {
    return this.get(context).paths;
  }

  /** The events that a context handles, by their names without version: it is given every version of them. */
  subscriptionsOf(context: ContextName): readonly string[] {
    return [...new Set(handledEvents(this.get(context)).map(({ name }) => eventNameOf(name)))];
  }

  /** @throws Error for a name that is no context of the product */
  get(context: ContextName): C {
    const found = this.contexts.find(({ name }) => name === context);
    if (!found) throw new Error(`${this.name} has no context ${context}`);
    return found;
  }
}

/**
 * Describes a product by its contexts.
 * @throws Error for two contexts of one name, or a path that two of them claim
 */
export function defineProduct<const C extends ContextDefinition>(
  description: ProductDescription<C>,
): Product<C> {
  const product = new Product(description);
  refuseRepeated('two contexts are called', product.contextNames);
  for (const { name, callers } of description.contexts) refuseStrangers(name, callers, product.components);
  const issuer = description.contexts.find(
    ({ contract }) => contract && contract === description.tokenIssuer,
  );
  if (issuer) nameCallers(Processes, callersOfProcesses(issuer.name));
  refuseRepeated(
    'two contexts claim the path',
    description.contexts.flatMap(({ paths }) => paths),
  );
  return product;
}

function refuseStrangers(
  context: ContextName,
  callers: Callers | undefined,
  components: readonly Component[],
): void {
  const known = [...components, ANY_PROCESS];
  const stranger = Object.values(callers ?? {})
    .flat()
    .find((name) => name !== undefined && !known.includes(name));
  if (stranger !== undefined)
    throw new Error(`${context} names the caller ${stranger}, which is no component`);
}

function refuseRepeated(what: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`${what} ${repeated}`);
}

/** The names of the contexts of a product, for its own types. */
export type ContextNameOf<P extends Product> = P['contexts'][number]['name'];

/** The codes of the errors that the contexts of a product define. */
export type ErrorCodeOf<P extends Product> = KeysOf<P['contexts'][number]>;

type KeysOf<C> = C extends ContextDefinition ? keyof C['errors'] & string : never;

/** What the contexts of a product record in their audit logs. */
export type AuditActionOf<P extends Product> = P['contexts'][number]['auditActions'][number];
