import { shop } from '#contracts';
import { users } from '#contracts/users';

/** The contexts that the shop does not have from the kit. */
const OWN_CONTEXTS = shop.contexts.filter(({ name }) => name !== users.name);

/** A word of the shop, and how to distinguish it from a word of the kit or of plain English. */
export interface ShopWord {
  readonly word: string;
  readonly pattern: RegExp;
  /** Lines that must match. */
  readonly planted: readonly string[];
}

/** Text that is not a word of the shop, although it looks like one. */
export interface AllowedText {
  readonly pattern: RegExp;
  /** Where it is allowed; everywhere when absent. */
  readonly files?: RegExp;
  readonly reason: string;
  /** A line that must pass. */
  readonly example: string;
}

/** A word without another meaning: it matches everywhere, in identifiers too. */
function always(word: string, pattern: RegExp, ...planted: string[]): ShopWord {
  return { word, pattern, planted: [`// such as ${word}`, ...planted] };
}

/**
 * Words that the kit never uses in another sense. `order`, `product` and `notification` are also the kit's or
 * plain English, so they count only where they can mean nothing but the shop's; see `SHARED`.
 */
const UNSHARED: readonly ShopWord[] = [
  always('inventory', /inventor(?:y|ies)/i, 'const inventoryClient = 1;', 'libs/x/inventories.ts'),
  always('payment', /payment/i, 'paymentId: string;', '`/api/payments`', 'PAYMENT_PROVIDER'),
  always('refund', /refund/i, 'refundedMinor: number;'),
  always('shop', /shop/i, '// the processes of the shop', 'several shops', "name: 'fissile-shop'"),
  always('goods', /\bgoods\b/i),
  always('stock', /stock/i, '// out of stock', 'stockLevel: number;'),
  always('cart', /\bcarts?\b|cart(?=[A-Z])|Cart(?![a-z])/, 'cartId: string;', 'class ShoppingCart {}'),
  always('sku', /\bskus?\b|sku(?=[A-Z])|\bSKUs?\b|Sku(?![a-z])/, 'skuOf(line)', '// by its SKU'),
  always('catalogue', /catalogue/i, "type F = 'stale-catalogue';", '// reads the catalogue'),
  always('catalog', /catalog(?!ue)/i, '`/api/catalog`', '// the product catalog'),
  always('customer', /customer/i, 'customerId: string;', "// the customer's address"),
  always('buyer', /\bbuyers?\b|buyer(?=[A-Z])|Buyer/, 'buyerId: string;'),
  always('storefront', /store-?front/i),
  always('northwind', /northwind/i),
  always('stripe', /stripe/i, 'STRIPE_SECRET_KEY'),
];

/**
 * `order` counts as a plural that is no verb, after `an` or `such as`, with a possessive or a field of one, as the
 * object of a verb such as `place`, and as a part of an identifier. A sequence (`in order`, `the order of`, ORDER BY)
 * does not.
 */
const ORDER = new RegExp(
  [
    /\b[Oo]rders\b(?! (?:them|the|its|by)\b)/,
    /\ban order\b(?! of magnitude)|\bsuch as (?:the )?order\b/,
    /\border's\b|\border (?:id|number|line|item|total|status|confirmation)s?\b/,
    /\b(?:plac|creat|confirm|cancel|pay|ship|take)(?:e|s|es|ed|ing)? (?:(?:the|its|this|each|every) )?order\b/,
    /\border(?:Id|Line|Item|Number|Status|Total|s[A-Z])|\border_(?:id|lines?|items?|status|total)\b/,
    /\bORDERS?_/,
    /\bOrders?(?=[A-Z])(?!OrderBy)|(?<![A-Za-z])Orders\b|(?<=[a-z])Orders\b/,
    /(?<=place|create|confirm|cancel|pending|get|new|this\.)[-_]?Order\b|\b(?:place|create|confirm|cancel|pending)[-_]order\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/**
 * As the contract of a context (`Products` inside a sentence, `ProductsModule`), or by a field that only a resource
 * of the shop has. The kit's own `Product` is the system built on it; a `userId` is that of an access token.
 */
function resource(singular: string, fields: string): RegExp {
  const contract = `${singular.charAt(0).toUpperCase()}${singular.slice(1)}s`;
  return new RegExp(`\\b${singular}(?:${fields})|(?<=[a-z,(:] )${contract}\\b|\\b${contract}(?=[A-Z.])`);
}

const SHARED: readonly ShopWord[] = [
  {
    word: 'order',
    pattern: ORDER,
    planted: [
      '// such as an order',
      'HOSTS=orders,inventory',
      '/api/orders=8000',
      'fissile.orders.v1',
      '// orders are taken as before',
      "// the order's id",
      'orderId: string;',
      'order_id uuid NOT NULL',
      'class OrdersModule {}',
      'OrderConfirmed',
      "| 'pending-order'",
      'this.placeOrder()',
      '// before it confirms the order',
      'ORDERS_DATABASE_URL',
    ],
  },
  {
    word: 'product',
    pattern: resource('product', '_?(?:[Ii]d|[Pp]rice)'),
    planted: [
      'productId: string;',
      'product_id uuid',
      '// a moment later from Products',
      'class ProductsModule {}',
    ],
  },
  {
    word: 'notification',
    pattern: resource('notification', '_?[Ii]d'),
    planted: ['class NotificationsModule {}', 'notificationId: string;', '// sent by Notifications'],
  },
];

/** Names of contexts, where they name a context: in quotes, in paths, in names of events, packages and settings. */
const CONTEXTS: readonly ShopWord[] = OWN_CONTEXTS.map(({ name }) => ({
  word: `the context ${name}`,
  pattern: new RegExp(
    `(['"\`])${name}\\1|/${name}\\b|\\b${name}(?:/[A-Z]|\\.v\\d|\\.[a-z_]+(?:\\.v\\d|\`))|\\b${name.toUpperCase()}_|` +
      `=${name}\\b|\\b${name}(?:,|=)[a-z0-9]`,
  ),
  planted: [
    `context: '${name}'`,
    `\`/api/${name}\``,
    `fissile.${name}.v1`,
    `${name}.changed.v1`,
    `\`${name}/LOG_LEVEL\``,
    `${name.toUpperCase()}_DATABASE_URL`,
    `HOSTS=${name}`,
    `${name},alpha`,
  ],
}));

/** Error codes, event types and audit actions, as the shop spells them. */
const NAMES: readonly ShopWord[] = OWN_CONTEXTS.flatMap((context) => [
  ...Object.keys(context.errors),
  ...context.publishes.map(({ name }) => name),
  ...context.auditActions,
]).map((name) => ({
  word: name,
  pattern: new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?!\\w)`),
  planted: [`throw of('${name}')`],
}));

export const SHOP_WORDS: readonly ShopWord[] = [...UNSHARED, ...SHARED, ...CONTEXTS, ...NAMES];

export const ALLOWED_TEXTS: readonly AllowedText[] = [
  {
    pattern: /\bCATALOGUE\b|\berror[ -]catalogue\b/g,
    reason: 'the error catalogue is the list of the errors that the kit and its product have',
    example: "import { CATALOGUE } from './error-catalogue.js';",
  },
  {
    pattern: /\b(?:errors?|codes?|refus(?:e|es|ed|als?))\b.*?\bcatalogue\b/gi,
    reason: 'the error catalogue, where the line says that it speaks of errors',
    example: '/** Refusals of the catalogue are final: a code of the catalogue. */',
  },
  {
    pattern: /catalog/gi,
    files: /^libs\/(?:testing\/consul-agent|rpc\/discovery|config\/consul)\//,
    reason: "Consul's list of services is called its catalog",
    example: "if (route === 'GET /v1/catalog/services') return this.catalog.readNames();",
  },
];

export interface Finding {
  readonly word: string;
  readonly file: string;
  /** 0 for the name of the file. */
  readonly line: number;
  readonly text: string;
}

/** Every word of the shop in a file of the kit, and in its name. */
export function shopWordsIn(file: string, content: string): Finding[] {
  return [file, ...content.split('\n')].flatMap((text, line) => {
    const rest = withoutAllowed(file, text);
    return SHOP_WORDS.filter(({ pattern }) => pattern.test(rest)).map(({ word }) => ({
      word,
      file,
      line,
      text,
    }));
  });
}

function withoutAllowed(file: string, text: string): string {
  return ALLOWED_TEXTS.filter(({ files }) => files === undefined || files.test(file)).reduce(
    (rest, { pattern }) => rest.replace(pattern, ''),
    text,
  );
}
