import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly currency: string;
  readonly metadata: { readonly charge_key: string };
  readonly client_secret: string;
  status: 'requires_payment_method' | 'requires_action' | 'succeeded' | 'canceled';
  next_action: { readonly type: 'use_stripe_sdk' } | null;
  last_payment_error: { readonly code: string; readonly decline_code?: string } | null;
}

interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly payment_intent: string;
  readonly amount: number;
  readonly metadata: { readonly refund_key: string };
  /** A bank may return a refund after it has succeeded. */
  status: 'succeeded' | 'failed';
  failure_reason: string | null;
}

/** Fields of an event that differ from those of the shop's own account. */
export interface EventOptions {
  readonly id?: string;
  readonly livemode?: boolean;
  readonly account?: string;
}

/** An event as Stripe sends it: the body, and the headers that it is signed by. */
export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How refunds end: `refused` by Stripe, or `failed`, which the customer's bank does. */
type RefundFate = 'succeed' | 'refused' | 'failed';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * `refused` and `redirect` have no effect; `cheaper` and `dearer` change the amount of a new payment; all the others
 * have their effect, and the client receives no response, or an invalid one.
 */
type Fault =
  | ('refused' | 'redirect')
  | ('cheaper' | 'dearer')
  | ('unanswered' | 'html' | 'truncated' | 'error-in-success' | 'endless');

/** What the client receives instead of the response. */
const NONSENSE: Readonly<Partial<Record<Fault, string>>> = {
  html: '<html><body>Gateway</body></html>',
  truncated: '{"id": "pi_1", "object": "payment_intent", "status": "succ',
  'error-in-success': '{"error": {"type": "api_error", "message": "something broke"}}',
};

const MAX_AMOUNT = 99_999_999;

/**
 * The part of Stripe's HTTP API that the adapter uses: payment intents, refunds, idempotency keys, and signed events. The
 * payment method selects the outcome of a confirmation, as with Stripe's own test cards.
 */
export class StripeFake {
  static readonly SECRET_KEY = 'sk_test_of_the_stand_in';
  static readonly WEBHOOK_SECRET = 'whsec_of_the_stand_in';

  readonly intents = new Map<string, Intent>();
  readonly refunds: Refund[] = [];
  fateOfRefunds: RefundFate = 'succeed';
  /** How many endless responses still have a listening client. */
  endlessAnswers = 0;
  /** Every request, as in `POST /v1/refunds`. */
  readonly requests: string[] = [];
  /** Responses to requests with an idempotency key. */
  private readonly remembered = new Map<string, Answer>();
  /** The fault of the next request whose path ends like this. */
  private readonly faults = new Map<string, Fault>();
  /** The target of a redirect. */
  private redirectTarget = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<StripeFake> {
    const fake = new StripeFake();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /**
   * Makes the next request fail whose path ends with `confirm`, `refunds` or the like. @param redirectTarget target of a
   * redirect
   */
  failNext(pathEnd: string, fault: Fault, redirectTarget = ''): void {
    this.faults.set(pathEnd, fault);
    this.redirectTarget = redirectTarget;
  }

  /** As Stripe does with idempotency keys after a day. */
  forgetKeys(): void {
    this.remembered.clear();
  }

  /** What customers have paid and not got refunded. */
  get balance(): number {
    const paid = [...this.intents.values()].filter(({ status }) => status === 'succeeded');
    const sum = (items: readonly { amount: number }[]) =>
      items.reduce((total, { amount }) => total + amount, 0);
    return sum(paid) - sum(this.refunds.filter(({ status }) => status === 'succeeded'));
  }

  /** The intent of an order. */
  intentOf(orderId: string): Intent {
    const intent = [...this.intents.values()].find(({ metadata }) => metadata.charge_key === orderId);
    if (!intent) throw new Error(`order ${orderId} has no payment intent`);
    return intent;
  }

  /** The customer answers the bank's challenge (3-D Secure). */
  authenticate(orderId: string, isApproved: boolean): Intent {
    const intent = this.intentOf(orderId);
    if (intent.status !== 'requires_action') throw new Error(`the intent is ${intent.status}`);
    intent.status = isApproved ? 'succeeded' : 'requires_payment_method';
    intent.next_action = null;
    if (!isApproved) intent.last_payment_error = { code: 'payment_intent_authentication_failure' };
    return intent;
  }

  /** The bank of the customer returns the refunds of an order. */
  returnRefunds(orderId: string): Refund {
    const intent = this.intentOf(orderId);
    const refunds = this.refunds.filter((refund) => refund.payment_intent === intent.id);
    for (const refund of refunds) {
      refund.status = 'failed';
      refund.failure_reason = 'lost_or_stolen_card';
    }
    const [last] = refunds.slice(-1);
    if (!last) throw new Error(`order ${orderId} has no refund`);
    return last;
  }

  /** An event about an intent or a refund as it is now, signed. */
  event(type: string, object: unknown, options: EventOptions = {}): SignedEvent {
    const { id = `evt_${randomUUID()}`, livemode = false, account } = options;
    const event = {
      id,
      object: 'event',
      type,
      livemode,
      ...(account !== undefined && { account }),
      created: Math.floor(Date.now() / 1000),
      data: { object },
    };
    return signed(JSON.stringify(event));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    this.requests.push(`${request.method} ${pathname}`);
    const fault = this.takeFault(pathname);
    if (fault === 'refused') return send(response, failure(500, 'api_error'));
    if (fault === 'redirect') return void response.writeHead(307, { location: this.redirectTarget }).end();
    if (fault === 'cheaper') body.set('amount', '1');
    if (fault === 'dearer') body.set('amount', '99999');
    const key = request.headers['idempotency-key'];
    const earlier = typeof key === 'string' ? this.remembered.get(key) : undefined;
    const isKnown = request.headers.authorization === `Bearer ${StripeFake.SECRET_KEY}`;
    const answer = isKnown
      ? (earlier ?? this.answer(request.method ?? '', pathname, body, searchParams))
      : failure(401, 'invalid_request_error');
    if (typeof key === 'string' && answer.status < 400) this.remembered.set(key, structuredClone(answer));
    if (fault === 'unanswered') return;
    if (fault === 'endless') return this.sendForEver(response);
    const nonsense = fault && NONSENSE[fault];
    if (nonsense !== undefined) return void response.writeHead(200).end(nonsense);
    if (earlier) response.setHeader('Idempotent-Replayed', 'true');
    send(response, answer);
  }

  /** Spaces, which JSON allows at its start, for as long as the client listens. */
  private sendForEver(response: ServerResponse): void {
    this.endlessAnswers += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => {
      clearInterval(timer);
      this.endlessAnswers -= 1;
    });
  }

  private takeFault(path: string): Fault | undefined {
    const pathEnd = [...this.faults.keys()].find((end) => path.endsWith(end));
    if (pathEnd === undefined) return undefined;
    const fault = this.faults.get(pathEnd);
    this.faults.delete(pathEnd);
    return fault;
  }

  private answer(method: string, path: string, body: URLSearchParams, query: URLSearchParams): Answer {
    if (path === '/v1/refunds') return method === 'GET' ? this.listRefunds(query) : this.refund(body);
    if (path === '/v1/payment_intents') return this.create(body);
    if (path === '/v1/payment_intents/search') return this.search(query.get('query') ?? '');
    const [, id = '', action] = /^\/v1\/payment_intents\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const intent = this.intents.get(id);
    if (!intent) return failure(404, 'invalid_request_error', { code: 'resource_missing' });
    if (action === undefined) return ok(intent);
    if (intent.status === 'succeeded' || intent.status === 'canceled')
      return failure(400, 'invalid_request_error', { code: 'payment_intent_unexpected_state' });
    if (action === 'confirm') return confirm(intent, body);
    intent.status = 'canceled';
    intent.next_action = null;
    return ok(intent);
  }

  private create(body: URLSearchParams): Answer {
    const amount = Number(body.get('amount'));
    if (amount > MAX_AMOUNT)
      return failure(400, 'invalid_request_error', { code: 'amount_too_large', param: 'amount' });
    const intent: Intent = {
      id: `pi_${randomUUID()}`,
      object: 'payment_intent',
      amount,
      currency: body.get('currency') ?? '',
      metadata: { charge_key: body.get('metadata[charge_key]') ?? '' },
      client_secret: `secret_of_${randomUUID()}`,
      status: 'requires_payment_method',
      next_action: null,
      last_payment_error: null,
    };
    this.intents.set(intent.id, intent);
    return ok(intent);
  }

  private search(query: string): Answer {
    const key = /metadata\['charge_key'\]:'([^']*)' AND status:'succeeded'/.exec(query)?.[1];
    const data = [...this.intents.values()].filter(
      ({ metadata, status }) => metadata.charge_key === key && status === 'succeeded',
    );
    return ok({ object: 'search_result', data, has_more: false });
  }

  private listRefunds(query: URLSearchParams): Answer {
    const data = this.refunds.filter((refund) => refund.payment_intent === query.get('payment_intent'));
    return ok({ object: 'list', data, has_more: false });
  }

  private refund(body: URLSearchParams): Answer {
    const intent = this.intents.get(body.get('payment_intent') ?? '');
    if (intent?.status !== 'succeeded') return failure(400, 'invalid_request_error');
    if (this.fateOfRefunds === 'refused')
      return failure(400, 'invalid_request_error', { code: 'charge_disputed' });
    const amount = Number(body.get('amount'));
    const given = this.refunds.filter(
      (refund) => refund.payment_intent === intent.id && refund.status === 'succeeded',
    );
    const left = given.reduce((rest, refund) => rest - refund.amount, intent.amount);
    if (left === 0) return failure(400, 'invalid_request_error', { code: 'charge_already_refunded' });
    if (amount > left) return failure(400, 'invalid_request_error');
    const metadata = { refund_key: body.get('metadata[refund_key]') ?? '' };
    const id = `re_${randomUUID()}`;
    const refund: Refund = {
      id,
      object: 'refund',
      payment_intent: intent.id,
      amount,
      metadata,
      status: this.fateOfRefunds === 'failed' ? 'failed' : 'succeeded',
      failure_reason: this.fateOfRefunds === 'failed' ? 'expired_or_canceled_card' : null,
    };
    this.refunds.push(refund);
    return ok(refund);
  }
}

/** A body with the signature that Stripe makes of it. @param at in seconds since 1970 */
export function signed(
  body: string,
  { secret = StripeFake.WEBHOOK_SECRET, at = Math.floor(Date.now() / 1000) } = {},
): SignedEvent {
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { body, headers: { 'stripe-signature': `t=${at},v1=${signature}` } };
}

function confirm(intent: Intent, body: URLSearchParams): Answer {
  const method = body.get('payment_method') ?? '';
  if (method === 'pm_card_threeDSecureRequired') {
    if (body.get('error_on_requires_action') === 'true') {
      const error = { code: 'authentication_required', decline_code: 'authentication_required' };
      intent.last_payment_error = error;
      return failure(402, 'card_error', error);
    }
    intent.status = 'requires_action';
    intent.next_action = { type: 'use_stripe_sdk' };
    return ok(intent);
  }
  if (method === 'pm_card_visa') {
    intent.status = 'succeeded';
    return ok(intent);
  }
  if (method === 'pm_card_visa_chargeDeclined') {
    const error = { code: 'card_declined', decline_code: 'generic_decline' };
    intent.last_payment_error = error;
    return failure(402, 'card_error', error);
  }
  return failure(400, 'invalid_request_error', { code: 'resource_missing', param: 'payment_method' });
}

function ok(body: unknown): Answer {
  return { status: 200, body: structuredClone(body) };
}

function failure(status: number, type: string, details: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: { error: { type, message: 'simulated failure', ...details } } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
